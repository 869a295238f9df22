import { randomFillSync } from "node:crypto";
import { inOnePiece } from "../object/one-piece.ts";

/** No vowels and no digits that look like them, so that no word comes about. */
const letters = "bcdfghjklmnpqrstvwxz2456789";
const suffixLength = 5;
const baseLengthMax = 63 - suffixLength;

/** Random bytes come in stores of this size: asking for many costs as much as asking for five. */
const store = Buffer.alloc(1_024 * suffixLength);
let used = store.length;

/** `web-` becomes `web-x7k2p`. */
export function generateName(base: string): string {
  if (used >= store.length) {
    randomFillSync(store);
    used = 0;
  }
  let suffix = "";
  for (const end = used + suffixLength; used < end; used++) suffix += letters[(store[used] ?? 0) % letters.length];
  return inOnePiece(base.slice(0, baseLengthMax) + suffix);
}
