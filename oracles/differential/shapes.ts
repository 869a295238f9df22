import { isMap, type JsonMap, type Steps } from "./edit.ts";

/** What a published document says of a value. */
export interface Shape {
  readonly type: "object" | "map" | "array" | "string" | "integer" | "number" | "boolean" | "any";
  readonly format: string;
  readonly fields: ReadonlyMap<string, () => Shape>;
  readonly required: ReadonlySet<string>;
  readonly items: (() => Shape) | undefined;
  readonly words: readonly string[];
  readonly mergeKeys: readonly string[];
}

/** The shapes of all kinds, from the OpenAPI document of version 2. */
export class Shapes {
  readonly #definitions: JsonMap;
  readonly #names = new Map<string, string>();

  constructor(document: JsonMap) {
    this.#definitions = isMap(document["definitions"]) ? document["definitions"] : {};
    for (const [name, definition] of Object.entries(this.#definitions)) {
      const kinds = isMap(definition) ? definition["x-kubernetes-group-version-kind"] : undefined;
      for (const each of Array.isArray(kinds) ? kinds : [])
        if (isMap(each)) this.#names.set(`${apiVersion(each)} ${String(each["kind"])}`, name);
    }
  }

  ofKind(apiVersion: string, kind: string): Shape | undefined {
    const name = this.#names.get(`${apiVersion} ${kind}`);
    return name === undefined ? undefined : this.#shape({ $ref: `#/definitions/${name}` });
  }

  #shape(source: unknown): Shape {
    const definition = isMap(source) ? source : {};
    const name = String(definition["$ref"] ?? "").replace("#/definitions/", "");
    if (name.endsWith(".Quantity")) return plain("string", "quantity");
    if (name.endsWith("Time")) return plain("string", "date-time");
    const target = name === "" ? definition : this.#definitions[name];
    const schema = isMap(target) ? target : {};
    const fields = Object.entries(isMap(schema["properties"]) ? schema["properties"] : {});
    const values = schema["additionalProperties"];
    const { type } = schema;
    const inner = isMap(values) ? values : schema["items"];
    return {
      type:
        fields.length > 0
          ? "object"
          : isMap(values)
            ? "map"
            : isType(type)
              ? type === "object"
                ? "any"
                : type
              : "any",
      format: String(schema["format"] ?? ""),
      fields: new Map(fields.map(([key, value]) => [key, () => this.#shape(value)])),
      required: new Set(texts(schema["required"])),
      items: inner === undefined ? undefined : () => this.#shape(inner),
      words: texts(schema["enum"]),
      mergeKeys: texts(definition["x-kubernetes-list-map-keys"] ?? [definition["x-kubernetes-patch-merge-key"]]),
    };
  }
}

/** The shape of a place in an object of a shape. */
export function shapeAt(shape: Shape, steps: Steps): Shape | undefined {
  let found: Shape | undefined = shape;
  for (const step of steps)
    found = typeof step === "number" || found?.type === "map" ? found?.items?.() : found?.fields.get(step)?.();
  return found;
}

function apiVersion({ group, version }: JsonMap): string {
  return typeof group === "string" && group !== "" ? `${group}/${String(version)}` : String(version);
}

function plain(type: Shape["type"], format: string): Shape {
  return { type, format, fields: new Map(), required: new Set(), items: undefined, words: [], mergeKeys: [] };
}

function isType(type: unknown): type is Shape["type"] {
  return ["object", "array", "string", "integer", "number", "boolean"].includes(String(type));
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}
