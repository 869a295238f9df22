/** A place where a key without '?' may have begun; whether it did is known when its ':' comes. */
export class SimpleKey {
  possible = false;
  /** In a block mapping nothing but a key can stand here. */
  required = false;
  tokenNumber = 0;
  offset = 0;
  line = 0;
  column = 0;
}

/** Counts characters, not code units. Only asked for long keys; it stops when the answer is surely too many. */
export function charactersBetween(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to && count < 4096; at++) {
    if ((text.charCodeAt(at) & 0xfc00) !== 0xdc00) {
      count++;
    }
  }
  return count;
}
