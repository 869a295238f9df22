// Go strings are bytes. In TypeScript they are UTF-16 strings, and a byte that is no part of valid UTF-8 is the lone
// surrogate U+DC80..U+DCFF of the same low byte. The mapping goes both ways without loss; valid text is unchanged.

const encoder = new TextEncoder();
const strictDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const escapeBase = 0xdc00;
const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/u;
const beyondAscii = /[^\0-\x7f]/u;
const anySurrogate = /[\ud800-\udfff]/;

export function isAscii(text: string): boolean {
  return !beyondAscii.test(text);
}

/** True if the text holds bytes that are no valid UTF-8. */
export function hasRawBytes(text: string): boolean {
  return loneSurrogate.test(text);
}

export function stringToBytes(text: string): Uint8Array {
  if (!hasRawBytes(text)) return encoder.encode(text);
  const bytes: number[] = [];
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (code >= 0xdc80 && code <= 0xdcff) bytes.push(code - escapeBase);
    else bytes.push(...encoder.encode(char));
  }
  return Uint8Array.from(bytes);
}

export function bytesToString(bytes: Uint8Array): string {
  try {
    return strictDecoder.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return decodeLossless(bytes);
    throw error;
  }
}

function decodeLossless(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length;) {
    const length = validSequenceLength(bytes, i);
    if (length === 0) {
      text += String.fromCharCode(escapeBase + (bytes[i] ?? 0));
      i++;
    } else {
      text += strictDecoder.decode(bytes.subarray(i, i + length));
      i += length;
    }
  }
  return text;
}

/** The length of the valid UTF-8 sequence at that place, 0 if there is none. */
function validSequenceLength(bytes: Uint8Array, start: number): number {
  const lead = bytes[start] ?? 0;
  if (lead < 0x80) return 1;
  const length =
    lead >= 0xc2 && lead <= 0xdf ? 2 : lead >= 0xe0 && lead <= 0xef ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
  if (length === 0 || start + length > bytes.length) return 0;
  const second = bytes[start + 1] ?? 0;
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  for (let i = start + 2; i < start + length; i++) if (((bytes[i] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}

/** The number of bytes that len() counts. */
export function byteLength(text: string): number {
  if (!hasRawBytes(text)) return Buffer.byteLength(text);
  return stringToBytes(text).length;
}

/** text[start:end] of Go, in bytes; the caller has checked the bounds. */
export function sliceBytes(text: string, start: number, end: number): string {
  if (isAscii(text)) return text.slice(start, end);
  return bytesToString(stringToBytes(text).subarray(start, end));
}

/** Order by the bytes of UTF-8, which differs from UTF-16's only beyond U+FFFF. */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  if (!anySurrogate.test(a) && !anySurrogate.test(b)) return a < b ? -1 : 1;
  return Buffer.compare(stringToBytes(a), stringToBytes(b));
}

/** Code points; a raw byte counts as one, as ranging over a Go string does. */
export function runeCount(text: string): number {
  if (!anySurrogate.test(text)) return text.length;
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** The first n code points. */
export function firstRunes(text: string, n: number): string {
  if (text.length <= n) return text;
  if (!anySurrogate.test(text)) return text.slice(0, n);
  let end = 0;
  let left = n;
  for (const char of text) {
    if (left-- <= 0) break;
    end += char.length;
  }
  return text.slice(0, end);
}
