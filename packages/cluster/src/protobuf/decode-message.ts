import { nestingMax } from "./limits.ts";
import { fieldsOf, type MessageField } from "./messages.ts";
import { specialTypes } from "./special-types.ts";
import { ProtobufError, readFields, type WireValue } from "./wire-reader.ts";

type Fields = Record<string, unknown>;

/** What the message says, as the JSON of the same object would. */
export function decodeMessage(message: string, bytes: Buffer, depth = 0): Fields {
  if (depth > nestingMax) throw new ProtobufError("nested too deeply");
  const known = fieldsOf(message);
  const object: Fields = {};
  for (const { number, content } of readFields(bytes)) {
    const field = known.get(number);
    // Fields of newer versions are passed over, as Go does.
    if (field) put(object, field, content, depth);
  }
  return object;
}

function put(object: Fields, { name, type, isOptional }: MessageField, content: WireValue, depth: number): void {
  if (name === "-") {
    Object.assign(object, decodeMessage(type, bytesOf(content), depth + 1));
    return;
  }
  if (type.startsWith("[]")) {
    const list = Object.hasOwn(object, name) ? (object[name] as unknown[]) : [];
    list.push(...elements(type.slice(2), content, depth));
    setOwn(object, name, list);
    return;
  }
  if (type.startsWith("{}")) {
    const map = Object.hasOwn(object, name) ? (object[name] as Fields) : {};
    const entry = entryOf(type.slice(2), bytesOf(content), depth);
    setOwn(map, entry.key, entry.value);
    setOwn(object, name, map);
    return;
  }
  const value = valueOf(type, content, depth);
  if (value === undefined || (isOptional && isZero(value))) return;
  setOwn(object, name, value);
}

/** Numbers may come packed, many in one field. */
function elements(type: string, content: WireValue, depth: number): readonly unknown[] {
  if (type !== "int" || content.wire !== "bytes") return [valueOf(type, content, depth) ?? null];
  const values: unknown[] = [];
  let start = 0;
  for (const [at, byte] of content.bytes.entries()) {
    if (byte >= 0x80) continue;
    // Each number ends with the first byte below 128: read it as a field of its own.
    const field = Buffer.concat([Buffer.from([0x08]), content.bytes.subarray(start, at + 1)]);
    for (const { content: one } of readFields(field)) values.push(valueOf("int", one, depth));
    start = at + 1;
  }
  return values;
}

function entryOf(type: string, bytes: Buffer, depth: number): { readonly key: string; readonly value: unknown } {
  let key = "";
  let value: unknown;
  for (const { number, content } of readFields(bytes)) {
    if (number === 1) key = bytesOf(content).toString("utf8");
    else if (number === 2) value = valueOf(type, content, depth);
  }
  return { key, value: value ?? (type === "string" || type === "bytes" ? "" : {}) };
}

function valueOf(type: string, content: WireValue, depth: number): unknown {
  switch (type) {
    case "string":
      return bytesOf(content).toString("utf8");
    case "bytes":
      return bytesOf(content).toString("base64");
    case "bool":
      return varintOf(content) !== 0n;
    case "int":
      return Number(varintOf(content));
    case "double":
      return content.wire === "fixed" ? content.bytes.readDoubleLE() : 0;
    default: {
      // Lists with a name, and those that are values of a map, come in a message of their own.
      if (type.startsWith("Items "))
        return [...readFields(bytesOf(content))].map((item) => valueOf(type.slice(6), item.content, depth + 1));
      const special = specialTypes[type];
      const decode = (message: string, bytes: Buffer): Fields => decodeMessage(message, bytes, depth + 1);
      return special ? special(bytesOf(content), decode) : decode(type, bytesOf(content));
    }
  }
}

function bytesOf(content: WireValue): Buffer {
  if (content.wire !== "bytes") throw new ProtobufError("wrong wireType");
  return content.bytes;
}

function varintOf(content: WireValue): bigint {
  if (content.wire !== "varint") throw new ProtobufError("wrong wireType");
  return content.value;
}

function isZero(value: unknown): boolean {
  return value === "" || value === 0 || value === false;
}

/** Also for a key named __proto__. */
function setOwn(object: Fields, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}
