export { decodeEnveloped, encodeEnveloped, encodeWatchEvent, isEncodable } from "./envelope.ts";
export { ProtobufError } from "./wire-reader.ts";

export const protobufType = "application/vnd.kubernetes.protobuf";
