import { isJsonObject, type JsonObject } from "../object/json-value.ts";
import { wireMessages } from "./data/wire-messages.ts";
import { wireMessagesV3 } from "./data/wire-messages-v3.ts";
import { double, field, flag, isReference, listOf, text, WireEncoder, type Wrapped } from "./wire-encoder.ts";

const wrappedV2: Wrapped = {
  TypeItem: (value) => Buffer.concat(listOf(value).map((each) => field(1, text(each)))),
  TextArray: (value) => Buffer.concat(listOf(value).map((each) => field(1, text(each)))),
  ItemsItem: (value, encoder) => field(1, encoder.message("Schema", value)),
  SchemaItem: (value, encoder) => field(1, encoder.message("Schema", value)),
  AdditionalProperties: (value, encoder) =>
    typeof value === "boolean" ? flag(2, value) : field(1, encoder.message("Schema", value)),
  ResponseValue: (value, encoder) => field(1, encoder.message("Response", value)),
  SecurityDefinition: (value, encoder) => field(2, encoder.message("ApiKeySecurity", value)),
  ParametersItem: (value, encoder) =>
    isReference(value) ? field(2, encoder.message("JsonReference", value)) : field(1, encoder.body("Parameter", value)),
  Parameter: (value, encoder) => {
    const where = isJsonObject(value) ? value["in"] : undefined;
    if (where === "body") return field(1, encoder.message("BodyParameter", value));
    const kind =
      where === "path"
        ? field(4, encoder.message("PathParameter", value))
        : field(3, encoder.message("QueryParameter", value));
    return field(2, kind);
  },
};

const orReference =
  (type: string): Wrapped[string] =>
  (value, encoder) =>
    isReference(value) ? field(2, encoder.message("Reference", value)) : field(1, encoder.message(type, value));

const wrappedV3: Wrapped = {
  SchemaOrReference: orReference("Schema"),
  ParameterOrReference: orReference("Parameter"),
  RequestBodyOrReference: orReference("RequestBody"),
  ResponseOrReference: orReference("Response"),
  SecuritySchemeOrReference: orReference("SecurityScheme"),
  ItemsItem: (value, encoder) => field(1, encoder.body("SchemaOrReference", value)),
  AdditionalPropertiesItem: (value, encoder) =>
    typeof value === "boolean" ? flag(2, value) : field(1, encoder.body("SchemaOrReference", value)),
  // Of objects and lists the message can say nothing.
  DefaultType: (value) => {
    if (typeof value === "number") return double(1, value);
    if (typeof value === "boolean") return flag(2, value);
    return typeof value === "string" ? field(3, text(value)) : Buffer.alloc(0);
  },
};

const v2 = new WireEncoder(wireMessages, wrappedV2);
const v3 = new WireEncoder(wireMessagesV3, wrappedV3);

/** Version 2 in Protocol Buffers, the only form that client-go reads it in. */
export function wireDocument(document: JsonObject): Buffer {
  return v2.message("Document", document);
}

/** One of the documents of version 3. */
export function wireDocumentV3(document: JsonObject): Buffer {
  return v3.message("Document", document);
}
