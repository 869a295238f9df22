// Kubernetes' protobuf answers: a magic prefix, then runtime.Unknown, whose first field has apiVersion and kind.
// The rest holds times and ids inside, so that only what the envelope says is compared.
import type { Json } from "../json.ts";

const magic = Buffer.from([0x6b, 0x38, 0x73, 0x00]);

export function describeProtobuf(body: Buffer): Json {
  if (!body.subarray(0, magic.length).equals(magic)) return { binary: "protobuf without the prefix of Kubernetes" };
  const typeMeta = fieldOne(body.subarray(magic.length));
  const apiVersion = typeMeta === undefined ? undefined : fieldOne(typeMeta);
  const kind =
    typeMeta === undefined || apiVersion === undefined ? undefined : secondField(typeMeta, apiVersion.length);
  return { binary: "protobuf", apiVersion: apiVersion?.toString("utf8") ?? "", kind: kind?.toString("utf8") ?? "" };
}

/** The bytes of field 1 when the message begins with it and it is short (one length byte). */
function fieldOne(message: Buffer): Buffer | undefined {
  const length = message[1];
  return message[0] === 0x0a && length !== undefined && length < 128 ? message.subarray(2, 2 + length) : undefined;
}

function secondField(message: Buffer, firstLength: number): Buffer | undefined {
  const at = 2 + firstLength;
  const length = message[at + 1];
  return message[at] === 0x12 && length !== undefined ? message.subarray(at + 2, at + 2 + length) : undefined;
}
