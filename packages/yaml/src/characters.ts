/** Character classes as bits: one table look-up decides what a character can do. */
export const blankBit = 1;
export const breakBit = 2;
export const endBit = 4;
/** Ends a plain scalar inside a flow collection. */
export const flowBit = 8;
/** Indicators that cannot start a plain scalar. */
export const indicatorBit = 16;
/** Letters, digits, '_' and '-': names of anchors, handles and directives. */
export const nameBit = 32;
/** May stand in a tag URI besides name characters. */
export const uriBit = 64;
/** ':' ends a plain scalar when white space follows. */
export const colonBit = 128;

export const blankOrEnd: number = blankBit | breakBit | endBit;
export const breakOrEnd: number = breakBit | endBit;

const table: Uint8Array = buildTable();

function buildTable(): Uint8Array {
  const built = new Uint8Array(256);
  const mark = (characters: string, bit: number): void => {
    for (const character of characters) {
      const code = character.charCodeAt(0);
      built[code] = (built[code] ?? 0) | bit;
    }
  };
  mark(" \t", blankBit);
  mark("\n\r\u0085", breakBit);
  mark("\0", endBit);
  mark(",?[]{}", flowBit);
  mark("-?:,[]{}#&*!|>'\"%@`", indicatorBit);
  mark("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-", nameBit);
  mark(";/?:@&=+$,.!~*'()[]%", uriBit);
  mark(":", colonBit);
  return built;
}

/** The class of a UTF-16 code unit. Past U+00FF only the line and paragraph separators are special. */
export function classOf(code: number): number {
  if (code < 256) {
    return table[code] ?? 0;
  }
  return code === 0x2028 || code === 0x2029 ? breakBit : 0;
}

export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

export function hexValue(code: number): number {
  if (code >= 0x30 && code <= 0x39) {
    return code - 0x30;
  }
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
