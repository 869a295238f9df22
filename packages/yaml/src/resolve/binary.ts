const base64Form = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** As Go's standard encoding: line breaks are nothing, padding must be there. undefined for what is no base64. */
export function decodeBase64(text: string): string | undefined {
  const plain = text.replaceAll(/[\r\n]/g, "");
  return base64Form.test(plain) ? textOf(Buffer.from(plain, "base64")) : undefined;
}

/** UTF-8 as Go's JSON writes it: every byte that belongs to no character becomes U+FFFD by itself. */
function textOf(bytes: Buffer): string {
  let text = "";
  let at = 0;
  while (at < bytes.length) {
    const width = characterWidth(bytes, at);
    text += width === 0 ? "\ufffd" : bytes.toString("utf8", at, at + width);
    at += Math.max(width, 1);
  }
  return text;
}

/** The bytes of the character at a place; 0 when there is none. */
function characterWidth(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) {
    return 1;
  }
  const width = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  const character = bytes.toString("utf8", at, at + width);
  return character.length === (width === 4 ? 2 : 1) && character !== "\ufffd" && at + width <= bytes.length ? width : 0;
}
