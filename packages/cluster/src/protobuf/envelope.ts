import { decodeMessage } from "./decode-message.ts";
import { writeMessage } from "./encode-message.ts";
import { messageOf } from "./messages.ts";
import { ProtobufError, readFields } from "./wire-reader.ts";
import { WireWriter } from "./wire-writer.ts";

const magic = Buffer.from("k8s\0", "latin1");
const envelope = { type: 1, raw: 2, contentEncoding: 3, contentType: 4 } as const;

/** A small object; what is larger takes more. */
const sizeHint = 2_048;

/** An object in the envelope that Kubernetes puts around protocol buffers, as the JSON of it would be. */
export function decodeEnveloped(body: Buffer): Readonly<Record<string, unknown>> {
  if (!body.subarray(0, magic.length).equals(magic))
    throw new ProtobufError("provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
  const parts = partsOf(body.subarray(magic.length));
  const type = partsOf(parts.get(envelope.type) ?? Buffer.alloc(0));
  const apiVersion = type.get(1)?.toString("utf8") ?? "";
  const kind = type.get(2)?.toString("utf8") ?? "";
  return { apiVersion, kind, ...decodeMessage(known(apiVersion, kind), parts.get(envelope.raw) ?? Buffer.alloc(0)) };
}

/** The object, byte by byte as Kubernetes writes it. */
export function encodeEnveloped(object: Readonly<Record<string, unknown>>): Buffer {
  const writer = new WireWriter(sizeHint);
  writeEnveloped(writer, object);
  return writer.finish();
}

/** Whether objects of a kind have a form in protocol buffers. */
export function isEncodable(apiVersion: string, kind: string): boolean {
  return messageOf(apiVersion, kind) !== undefined;
}

/** What a watch tells: the length in four bytes, and then a message of its own without an envelope, with an object in one. */
export function encodeWatchEvent(type: string, object: Readonly<Record<string, unknown>>): Buffer {
  const writer = new WireWriter(sizeHint);
  writeEnveloped(writer, object);
  writer.tagged(0, 1 * 8 + 2);
  writer.tagged(0, 2 * 8 + 2);
  writeText(writer, 1, type);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(writer.length);
  writer.bytes(length);
  return writer.finish();
}

function writeEnveloped(writer: WireWriter, object: Readonly<Record<string, unknown>>): void {
  const apiVersion = textOf(object["apiVersion"]);
  const kind = textOf(object["kind"]);
  writeText(writer, envelope.contentType, "");
  writeText(writer, envelope.contentEncoding, "");
  const beforeRaw = writer.length;
  // What is older than groups says no version of its own.
  writeMessage(writer, known(apiVersion || "v1", kind), object);
  writer.tagged(beforeRaw, envelope.raw * 8 + 2);
  const beforeType = writer.length;
  writeText(writer, 2, kind);
  writeText(writer, 1, apiVersion);
  writer.tagged(beforeType, envelope.type * 8 + 2);
  writer.bytes(magic);
}

function writeText(writer: WireWriter, number: number, value: string): void {
  const before = writer.length;
  writer.text(value);
  writer.tagged(before, number * 8 + 2);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function known(apiVersion: string, kind: string): string {
  const message = messageOf(apiVersion, kind);
  if (message === undefined)
    throw new ProtobufError(`no kind "${kind}" is registered for version "${apiVersion}" in protocol buffers`);
  return message;
}

function partsOf(bytes: Buffer): ReadonlyMap<number, Buffer> {
  const parts = new Map<number, Buffer>();
  for (const { number, content } of readFields(bytes)) if (content.wire === "bytes") parts.set(number, content.bytes);
  return parts;
}
