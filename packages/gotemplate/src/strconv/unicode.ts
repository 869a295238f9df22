// Character classes of Go's unicode package, on code points.

const letterOrDigit = /^[\p{L}\p{Nd}]$/u;
const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u;

export const maxRune = 0x10_ffff;
export const replacementRune = 0xfffd;

export function isRawByte(code: number): boolean {
  return code >= 0xdc80 && code <= 0xdcff;
}

/** A letter, a decimal digit or an underscore: what identifiers are made of. */
export function isAlphaNumeric(code: number): boolean {
  if (code < 0x80) {
    return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95;
  }
  return letterOrDigit.test(String.fromCodePoint(code));
}

/** What Go prints as it is: letters, marks, numbers, punctuation, symbols and the ASCII space. */
export function isPrint(code: number): boolean {
  if (code < 0x7f) return code >= 0x20;
  return code <= maxRune && printable.test(String.fromCodePoint(code));
}

export function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdfff;
}
