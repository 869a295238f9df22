import { decodeMessage } from "./decode-message.ts";
import { messageOf } from "./messages.ts";
import { ProtobufError, readFields } from "./wire-reader.ts";

export { ProtobufError } from "./wire-reader.ts";

export const protobufType = "application/vnd.kubernetes.protobuf";

const magic = Buffer.from("k8s\0", "latin1");
const envelope = { type: 1, raw: 2 } as const;

/** An object in the envelope that Kubernetes puts around protocol buffers, as the JSON of it would be. */
export function decodeEnveloped(body: Buffer): Readonly<Record<string, unknown>> {
  if (!body.subarray(0, magic.length).equals(magic))
    throw new ProtobufError("provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
  const parts = partsOf(body.subarray(magic.length));
  const type = partsOf(parts.get(envelope.type) ?? Buffer.alloc(0));
  const apiVersion = type.get(1)?.toString("utf8") ?? "";
  const kind = type.get(2)?.toString("utf8") ?? "";
  const message = messageOf(apiVersion, kind);
  if (message === undefined)
    throw new ProtobufError(`no kind "${kind}" is registered for version "${apiVersion}" in protocol buffers`);
  return { apiVersion, kind, ...decodeMessage(message, parts.get(envelope.raw) ?? Buffer.alloc(0)) };
}

function partsOf(bytes: Buffer): ReadonlyMap<number, Buffer> {
  const parts = new Map<number, Buffer>();
  for (const { number, content } of readFields(bytes)) if (content.wire === "bytes") parts.set(number, content.bytes);
  return parts;
}
