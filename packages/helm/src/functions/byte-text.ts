// Some functions cut texts between bytes. A byte text has one character for each byte.
import { bytesToString, stringToBytes } from "@fairway/gotemplate";

const beyondAscii = /[^\0-\x7f]/u;

export function toByteText(text: string): string {
  return beyondAscii.test(text) ? Buffer.from(stringToBytes(text)).toString("latin1") : text;
}

export function fromByteText(bytes: string): string {
  return beyondAscii.test(bytes) ? bytesToString(Buffer.from(bytes, "latin1")) : bytes;
}
