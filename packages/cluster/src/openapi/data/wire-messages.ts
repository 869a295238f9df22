/**
 * Version 2 in Protocol Buffers: the numbers of the fields that our document uses, by their names in JSON. `text`, `flag`, `integer` and
 * `number` are scalars, `any` is YAML in a message of its own, another word names a message; `*` is a list and `{}` a map of them.
 */
export interface WireMessage {
  readonly fields: Readonly<Record<string, readonly [number: number, type: string]>>;
  /** Where fields that start with `x-` go. */
  readonly extensions?: number;
  /** Where all fields go, as names and values of this type. */
  readonly entries?: readonly [number: number, type: string];
}

export const wireMessages: Readonly<Record<string, WireMessage>> = {
  Document: {
    fields: {
      swagger: [1, "text"],
      info: [2, "Info"],
      paths: [8, "Paths"],
      definitions: [9, "Definitions"],
      parameters: [10, "ParameterDefinitions"],
      security: [12, "SecurityRequirement*"],
      securityDefinitions: [13, "SecurityDefinitions"],
    },
    extensions: 16,
  },
  Info: { fields: { title: [1, "text"], version: [2, "text"], description: [3, "text"] }, extensions: 7 },
  Paths: { fields: {}, entries: [2, "PathItem"] },
  PathItem: {
    fields: {
      get: [2, "Operation"],
      put: [3, "Operation"],
      post: [4, "Operation"],
      delete: [5, "Operation"],
      options: [6, "Operation"],
      head: [7, "Operation"],
      patch: [8, "Operation"],
      parameters: [9, "ParametersItem*"],
    },
    extensions: 10,
  },
  Operation: {
    fields: {
      tags: [1, "text*"],
      description: [3, "text"],
      operationId: [5, "text"],
      produces: [6, "text*"],
      consumes: [7, "text*"],
      parameters: [8, "ParametersItem*"],
      responses: [9, "Responses"],
      schemes: [10, "text*"],
    },
    extensions: 13,
  },
  Responses: { fields: {}, entries: [1, "ResponseValue"] },
  Response: { fields: { description: [1, "text"], schema: [2, "SchemaItem"] }, extensions: 5 },
  JsonReference: { fields: { $ref: [1, "text"], description: [2, "text"] } },
  BodyParameter: {
    fields: {
      description: [1, "text"],
      name: [2, "text"],
      in: [3, "text"],
      required: [4, "flag"],
      schema: [5, "Schema"],
    },
    extensions: 6,
  },
  QueryParameter: {
    fields: {
      required: [1, "flag"],
      in: [2, "text"],
      description: [3, "text"],
      name: [4, "text"],
      type: [6, "text"],
      uniqueItems: [20, "flag"],
    },
    extensions: 23,
  },
  PathParameter: {
    fields: {
      required: [1, "flag"],
      in: [2, "text"],
      description: [3, "text"],
      name: [4, "text"],
      type: [5, "text"],
      uniqueItems: [19, "flag"],
    },
    extensions: 22,
  },
  Definitions: { fields: {}, entries: [1, "Schema"] },
  Properties: { fields: {}, entries: [1, "Schema"] },
  ParameterDefinitions: { fields: {}, entries: [1, "Parameter"] },
  SecurityRequirement: { fields: {}, entries: [1, "TextArray"] },
  SecurityDefinitions: { fields: {}, entries: [1, "SecurityDefinition"] },
  ApiKeySecurity: {
    fields: { type: [1, "text"], name: [2, "text"], in: [3, "text"], description: [4, "text"] },
    extensions: 5,
  },
  Schema: {
    fields: {
      $ref: [1, "text"],
      format: [2, "text"],
      title: [3, "text"],
      description: [4, "text"],
      default: [5, "any"],
      multipleOf: [6, "number"],
      maximum: [7, "number"],
      exclusiveMaximum: [8, "flag"],
      minimum: [9, "number"],
      exclusiveMinimum: [10, "flag"],
      maxLength: [11, "integer"],
      minLength: [12, "integer"],
      pattern: [13, "text"],
      maxItems: [14, "integer"],
      minItems: [15, "integer"],
      uniqueItems: [16, "flag"],
      maxProperties: [17, "integer"],
      minProperties: [18, "integer"],
      required: [19, "text*"],
      enum: [20, "any*"],
      additionalProperties: [21, "AdditionalProperties"],
      type: [22, "TypeItem"],
      items: [23, "ItemsItem"],
      allOf: [24, "Schema*"],
      properties: [25, "Properties"],
      externalDocs: [29, "ExternalDocs"],
      example: [30, "any"],
    },
    extensions: 31,
  },
  ExternalDocs: { fields: { description: [1, "text"], url: [2, "text"] }, extensions: 3 },
};
