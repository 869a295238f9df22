import { compareBytes } from "../object/go-text.ts";
import { fieldsOf, type MessageField } from "./messages.ts";
import { specialWriters } from "./special-writers.ts";
import type { WireWriter } from "./wire-writer.ts";

export type Fields = Readonly<Record<string, unknown>>;

/** Writes a value with its tag; of nothing the zero value. */
type WriteValue = (writer: WireWriter, number: number, value: unknown) => void;
type WriteField = (writer: WireWriter, object: Fields) => void;

/** What is in each message, the last field first. */
const messages = new Map<string, readonly WriteField[]>();

/** Writes what JSON says of an object byte by byte as Go does: fields by number, maps by key, and zeros too, unless they are pointers. */
export function writeMessage(writer: WireWriter, message: string, object: Fields): void {
  let fields = messages.get(message);
  if (fields === undefined) {
    fields = [...fieldsOf(message).values()].toSorted((left, right) => right.number - left.number).map(fieldWriter);
    messages.set(message, fields);
  }
  for (const write of fields) write(writer, object);
}

function fieldWriter({ number, name, type, isPointer }: MessageField): WriteField {
  if (name === "-") {
    const write = valueWriter(type);
    return (writer, object) => write(writer, number, object);
  }
  if (type.startsWith("[]")) {
    const write = valueWriter(type.slice(2));
    return (writer, object) => writeList(writer, write, number, object[name]);
  }
  if (type.startsWith("{}")) {
    const write = valueWriter(type.slice(2));
    return (writer, object) => writeMap(writer, write, number, object[name]);
  }
  const write = valueWriter(type);
  const mayBeMissing = isPointer || type.startsWith("Items ");
  return (writer, object) => {
    const value = object[name] ?? undefined;
    if (value !== undefined || !mayBeMissing) write(writer, number, value);
  };
}

function writeList(writer: WireWriter, write: WriteValue, number: number, value: unknown): void {
  if (!Array.isArray(value)) return;
  for (let index = value.length - 1; index >= 0; index--) write(writer, number, value[index] ?? undefined);
}

function writeMap(writer: WireWriter, write: WriteValue, number: number, value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  const map = value as Fields;
  const keys = Object.keys(map).sort(compareBytes);
  for (let index = keys.length - 1; index >= 0; index--) {
    const key = keys[index] ?? "";
    const before = writer.length;
    write(writer, 2, map[key] ?? undefined);
    writeText(writer, 1, key);
    writer.tagged(before, number * 8 + 2);
  }
}

function valueWriter(type: string): WriteValue {
  switch (type) {
    case "string":
      return writeText;
    case "bytes":
      return writeBytes;
    case "bool":
      return (writer, number, value) => writeInteger(writer, number, value === true ? 1 : 0);
    case "int":
      return writeInteger;
    case "double":
      return (writer, number, value) => {
        writer.double(Number(value ?? 0));
        writer.varint(number * 8 + 1);
      };
    default:
      return nestedWriter(contentWriter(type));
  }
}

type WriteContent = (writer: WireWriter, value: unknown) => void;

function contentWriter(type: string): WriteContent {
  if (type.startsWith("Items ")) {
    const write = valueWriter(type.slice("Items ".length));
    return (writer, value) => writeList(writer, write, 1, value);
  }
  const special = specialWriters[type];
  if (special) return (writer, value) => special(writer, value, writeMessage);
  return (writer, value) => writeMessage(writer, type, (value ?? {}) as Fields);
}

function nestedWriter(write: WriteContent): WriteValue {
  return (writer, number, value) => {
    const before = writer.length;
    write(writer, value);
    writer.tagged(before, number * 8 + 2);
  };
}

function writeText(writer: WireWriter, number: number, value: unknown): void {
  const before = writer.length;
  if (value !== undefined) writer.text(String(value));
  writer.tagged(before, number * 8 + 2);
}

function writeBytes(writer: WireWriter, number: number, value: unknown): void {
  if (value === undefined) return;
  const bytes = Buffer.from(String(value), "base64");
  writer.bytes(bytes);
  writer.varint(bytes.length);
  writer.varint(number * 8 + 2);
}

function writeInteger(writer: WireWriter, number: number, value: unknown): void {
  writer.varint(Number(value ?? 0));
  writer.varint(number * 8);
}
