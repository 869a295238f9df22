import { encode } from "@fairway/yaml";
import { isJsonObject } from "../object/json-value.ts";
import type { WireMessage } from "./data/wire-messages.ts";

/** Messages that say which of several things they hold, and lists in a message of their own: how a value becomes the named message's body. */
export type Wrapped = Readonly<Record<string, (value: unknown, encoder: WireEncoder) => Buffer>>;

/** Writes a document in Protocol Buffers by the shapes of its messages. */
export class WireEncoder {
  readonly #messages: Readonly<Record<string, WireMessage>>;
  readonly #wrapped: Wrapped;

  constructor(messages: Readonly<Record<string, WireMessage>>, wrapped: Wrapped) {
    this.#messages = messages;
    this.#wrapped = wrapped;
  }

  /** Its fields in the order of their numbers, as Go writes them. */
  message(type: string, value: unknown): Buffer {
    const shape = this.#messages[type];
    if (!shape || !isJsonObject(value)) throw new TypeError(`the document has no ${type} where one belongs`);
    const fields = Object.entries(value).flatMap(([name, member]) => this.#fieldsOf(shape, name, member));
    return Buffer.concat(fields.sort((left, right) => left.number - right.number).map(({ bytes }) => bytes));
  }

  body(type: string, value: unknown): Buffer {
    return this.#wrapped[type]?.(value, this) ?? this.message(type, value);
  }

  #fieldsOf({ fields, extensions, entries }: WireMessage, name: string, value: unknown): Field[] {
    if (entries) return [nested(entries[0], named(name, this.body(entries[1], value)))];
    const known = fields[name];
    if (known) return this.#typed(known[0], known[1], value);
    if (extensions === undefined || !name.startsWith("x-")) return [];
    return [nested(extensions, named(name, any(value)))];
  }

  /** Zeros are left out. */
  #typed(number: number, type: string, value: unknown): Field[] {
    switch (type) {
      case "text":
        return value === "" ? [] : [nested(number, text(value))];
      case "text*":
        return listOf(value).map((each) => nested(number, text(each)));
      case "flag":
        return value === true ? [{ number, bytes: flag(number, value) }] : [];
      case "integer":
        return value === 0 ? [] : [{ number, bytes: Buffer.concat([varint(number * 8), varint(Number(value))]) }];
      case "number":
        return value === 0 ? [] : [{ number, bytes: double(number, Number(value)) }];
      case "any":
        return [nested(number, any(value))];
      case "any*":
        return listOf(value).map((each) => nested(number, any(each)));
      default:
        return type.endsWith("*")
          ? listOf(value).map((each) => nested(number, this.body(type.slice(0, -1), each)))
          : [nested(number, this.body(type, value))];
    }
  }
}

interface Field {
  readonly number: number;
  readonly bytes: Buffer;
}

function nested(number: number, bytes: Buffer): Field {
  return { number, bytes: field(number, bytes) };
}

function named(name: string, value: Buffer): Buffer {
  return Buffer.concat([field(1, text(name)), field(2, value)]);
}

function any(value: unknown): Buffer {
  return field(2, Buffer.from(encode(value, { keyOrder: "kept" })));
}

export function text(value: unknown): Buffer {
  return Buffer.from(String(value));
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

export function isReference(value: unknown): boolean {
  return isJsonObject(value) && "$ref" in value;
}

export function field(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

export function flag(number: number, value: boolean): Buffer {
  return Buffer.concat([varint(number * 8), varint(Number(value))]);
}

export function double(number: number, value: number): Buffer {
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
