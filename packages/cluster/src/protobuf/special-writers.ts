import { parseGoDuration } from "../object/go-duration.ts";
import type { WireWriter } from "./wire-writer.ts";

type WriteMessage = (writer: WireWriter, message: string, object: Readonly<Record<string, unknown>>) => void;
type WriteSpecial = (writer: WireWriter, value: unknown, writeMessage: WriteMessage) => void;

const schemaProps = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps";

/** The content of messages that are something else in JSON than an object of their fields; the last field is written first. */
export const specialWriters: Readonly<Record<string, WriteSpecial | undefined>> = {
  // Kubernetes keeps no parts of seconds here.
  Time: (writer, value) => writeTime(writer, value, 0),
  MicroTime: (writer, value) => writeTime(writer, value, 6),
  Duration: (writer, value) => integer(writer, 1, Math.round((parseGoDuration(String(value ?? "0s")) ?? 0) * 1e9)),
  Quantity: (writer, value) => text(writer, 1, String(value ?? "0")),
  IntOrString: (writer, value) => {
    const isText = typeof value === "string";
    text(writer, 3, isText ? value : "");
    integer(writer, 2, isText ? 0 : Number(value ?? 0));
    integer(writer, 1, isText ? 1 : 0);
  },
  Raw: (writer, value) => {
    if (value !== undefined && value !== null) text(writer, 1, JSON.stringify(value));
  },
  JSON: (writer, value) => {
    if (value !== undefined && value !== null) text(writer, 1, escaped(JSON.stringify(value)));
  },
  SchemaOrBool: (writer, value, writeMessage) => {
    if (typeof value === "object") schema(writer, 2, value, writeMessage);
    integer(writer, 1, value === false || value === undefined ? 0 : 1);
  },
  SchemaOrArray: (writer, value, writeMessage) => {
    if (Array.isArray(value)) fromLast(value, (each) => schema(writer, 2, each, writeMessage));
    else schema(writer, 1, value, writeMessage);
  },
  SchemaOrStrings: (writer, value, writeMessage) => {
    if (Array.isArray(value)) fromLast(value, (each) => text(writer, 2, String(each)));
    else schema(writer, 1, value, writeMessage);
  },
};

/** What was read and written again by Go is safe to be part of a page. */
function escaped(json: string): string {
  return json.replace(/[<>&\u2028\u2029]/g, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

const zeroTime = "0001-01-01T00:00:00";

function writeTime(writer: WireWriter, value: unknown, digits: number): void {
  if (typeof value !== "string" || value.startsWith(zeroTime)) return;
  const fraction = /\.(\d+)/.exec(value)?.[1] ?? "";
  integer(writer, 2, Number(fraction.slice(0, digits).padEnd(9, "0")));
  integer(writer, 1, Math.floor(Date.parse(value.replace(/\.\d+/, "")) / 1_000));
}

function schema(writer: WireWriter, number: number, value: unknown, writeMessage: WriteMessage): void {
  const before = writer.length;
  writeMessage(writer, schemaProps, (value ?? {}) as Readonly<Record<string, unknown>>);
  writer.tagged(before, number * 8 + 2);
}

function text(writer: WireWriter, number: number, value: string): void {
  const before = writer.length;
  writer.text(value);
  writer.tagged(before, number * 8 + 2);
}

function integer(writer: WireWriter, number: number, value: number): void {
  writer.varint(value);
  writer.varint(number * 8);
}

function fromLast(values: readonly unknown[], write: (value: unknown) => void): void {
  for (let index = values.length - 1; index >= 0; index--) write(values[index]);
}
