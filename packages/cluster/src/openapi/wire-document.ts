import { encode } from "@fairway/yaml";
import { isJsonObject, type JsonObject } from "../object/json-value.ts";
import { wireMessages, type WireMessage } from "./data/wire-messages.ts";

/** Writes version 2 in Protocol Buffers, the only form that client-go reads it in. */
export function wireDocument(document: JsonObject): Buffer {
  return message("Document", document);
}

/** Messages that say which of several things they hold, and lists in a message of their own: how a value becomes the named message's body. */
const wrapped: Readonly<Record<string, (value: unknown) => Buffer>> = {
  TypeItem: (value) => Buffer.concat(listOf(value).map((each) => field(1, text(each)))),
  TextArray: (value) => Buffer.concat(listOf(value).map((each) => field(1, text(each)))),
  ItemsItem: (value) => field(1, message("Schema", value)),
  SchemaItem: (value) => field(1, message("Schema", value)),
  AdditionalProperties: (value) => (typeof value === "boolean" ? flag(2, value) : field(1, message("Schema", value))),
  ResponseValue: (value) => field(1, message("Response", value)),
  SecurityDefinition: (value) => field(2, message("ApiKeySecurity", value)),
  ParametersItem: (value) =>
    isReference(value) ? field(2, message("JsonReference", value)) : field(1, body("Parameter", value)),
  Parameter: (value) => {
    const where = isJsonObject(value) ? value["in"] : undefined;
    if (where === "body") return field(1, message("BodyParameter", value));
    const kind =
      where === "path" ? field(4, message("PathParameter", value)) : field(3, message("QueryParameter", value));
    return field(2, kind);
  },
};

function body(type: string, value: unknown): Buffer {
  return wrapped[type]?.(value) ?? message(type, value);
}

function message(type: string, value: unknown): Buffer {
  const shape = wireMessages[type];
  if (!shape || !isJsonObject(value)) throw new TypeError(`the document has no ${type} where one belongs`);
  const fields = Object.entries(value).flatMap(([name, member]) => fieldsOf(shape, name, member));
  return Buffer.concat(fields);
}

function fieldsOf({ fields, extensions, entries }: WireMessage, name: string, value: unknown): readonly Buffer[] {
  if (entries) return [field(entries[0], named(name, body(entries[1], value)))];
  const known = fields[name];
  if (known) return typedField(known[0], known[1], value);
  if (extensions === undefined || !name.startsWith("x-")) return [];
  return [field(extensions, named(name, any(value)))];
}

function typedField(number: number, type: string, value: unknown): readonly Buffer[] {
  if (type.endsWith("*")) return listOf(value).flatMap((each) => typedField(number, type.slice(0, -1), each));
  switch (type) {
    case "text":
      return [field(number, text(value))];
    case "flag":
      return value === true ? [flag(number, value)] : [];
    case "integer":
      return [Buffer.concat([varint(number * 8), varint(Number(value))])];
    case "number":
      return [double(number, Number(value))];
    case "any":
      return [field(number, any(value))];
    default:
      return [field(number, body(type, value))];
  }
}

function named(name: string, value: Buffer): Buffer {
  return Buffer.concat([field(1, text(name)), field(2, value)]);
}

function any(value: unknown): Buffer {
  return field(2, Buffer.from(encode(value)));
}

function text(value: unknown): Buffer {
  return Buffer.from(String(value));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

function isReference(value: unknown): boolean {
  return isJsonObject(value) && "$ref" in value;
}

function field(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

function flag(number: number, value: boolean): Buffer {
  return Buffer.concat([varint(number * 8), varint(Number(value))]);
}

function double(number: number, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return Buffer.concat([varint(number * 8 + 1), bytes]);
}

/** Seven bits a byte, the lowest first; a negative number as its 64 bits. */
function varint(value: number): Buffer {
  if (value >= 0 && value < 128) return Buffer.from([value]);
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(Math.trunc(value)));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}
