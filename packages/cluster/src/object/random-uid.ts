import { randomFillSync } from "node:crypto";

/** Where in the text each byte has its two digits; hyphens stand between them. */
const places = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
const text = Buffer.from("00000000-0000-0000-0000-000000000000");
const digits = Buffer.from("0123456789abcdef");

/** Random bytes come in stores of this size: asking for many costs as much as asking for a few. */
const store = Buffer.alloc(256 * places.length);
let used = store.length;

/** A random UUID (version 4) in one piece: Node's own is made of nine, and see `inOnePiece` for what that costs. */
export function randomUid(): string {
  if (used === store.length) {
    randomFillSync(store);
    used = 0;
  }
  store[used + 6] = ((store[used + 6] ?? 0) & 0x0f) | 0x40;
  store[used + 8] = ((store[used + 8] ?? 0) & 0x3f) | 0x80;
  for (const place of places) {
    const byte = store[used++] ?? 0;
    text[place] = digits[byte >> 4] ?? 0;
    text[place + 1] = digits[byte & 0x0f] ?? 0;
  }
  return text.toString("latin1");
}
