// Upper, lower and title case rune by rune, as Go's unicode package; JavaScript's own also change the length of texts.

const spaces = /^[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/u;

export function isSpace(char: string): boolean {
  return spaces.test(char);
}

export function isUpper(char: string): boolean {
  return /^\p{Lu}$/u.test(char);
}

export function isLower(char: string): boolean {
  return /^\p{Ll}$/u.test(char);
}

export function isTitle(char: string): boolean {
  return /^\p{Lt}$/u.test(char);
}

export function isLetter(char: string): boolean {
  return /^\p{L}$/u.test(char);
}

export function isNumber(char: string): boolean {
  return /^\p{N}$/u.test(char);
}

export function isDigit(char: string): boolean {
  return /^\p{Nd}$/u.test(char);
}

export function isPunctuation(char: string): boolean {
  return /^\p{P}$/u.test(char);
}

/** A mapping to several code points has no counterpart of one, so the rune stays. */
function single(char: string, mapped: string): string {
  return mapped.length === char.length || (mapped.length <= 2 && mapped.codePointAt(0) === codePoint(mapped))
    ? mapped
    : char;
}

function codePoint(text: string): number | undefined {
  const [first = "", second] = text;
  return second === undefined ? first.codePointAt(0) : undefined;
}

const unusualUpper: Readonly<Record<string, string>> = { ᾳ: "ᾼ", ῃ: "ῌ", ῳ: "ῼ" };

export function upperRune(char: string): string {
  if (/^[\u1f80-\u1faf]$/u.test(char)) return greekWithIota(char, true);
  return unusualUpper[char] ?? single(char, char.toUpperCase());
}

export function lowerRune(char: string): string {
  return char === "İ" ? "i" : single(char, char.toLowerCase());
}

/** The letters with iota below come in rows of eight small and eight capital ones. */
function greekWithIota(char: string, upper: boolean): string {
  const code = char.codePointAt(0) ?? 0;
  return String.fromCodePoint(upper ? code | 8 : code & ~8);
}

const titleOf: Readonly<Record<string, string>> = {
  Ǆ: "ǅ",
  ǅ: "ǅ",
  ǆ: "ǅ",
  Ǉ: "ǈ",
  ǈ: "ǈ",
  ǉ: "ǈ",
  Ǌ: "ǋ",
  ǋ: "ǋ",
  ǌ: "ǋ",
  Ǳ: "ǲ",
  ǲ: "ǲ",
  ǳ: "ǲ",
};

export function titleRune(char: string): string {
  // Georgian letters have capitals but no title case.
  if (/^[\u10d0-\u10ff]$/u.test(char)) return char;
  return titleOf[char] ?? upperRune(char);
}

const beyondAscii = /[^\0-\x7f]/u;

function mapped(text: string, map: (char: string) => string): string {
  let result = "";
  // What is no UTF-8 becomes U+FFFD on the way.
  for (const char of text) result += map(char.toWellFormed());
  return result;
}

export function upperText(text: string): string {
  return beyondAscii.test(text) ? mapped(text, upperRune) : text.toUpperCase();
}

export function lowerText(text: string): string {
  return beyondAscii.test(text) ? mapped(text, lowerRune) : text.toLowerCase();
}

/** strings.Title: the first letter of each word. Letters, digits and the underscore make words. */
export function titleText(text: string): string {
  let afterSeparator = true;
  return mapped(text, (char) => {
    const result = afterSeparator ? titleRune(char) : char;
    afterSeparator = isSeparator(char);
    return result;
  });
}

function isSeparator(char: string): boolean {
  if (/^[0-9A-Za-z_]$/u.test(char)) return false;
  if ((char.codePointAt(0) ?? 0) < 0x80) return true;
  return isSpace(char);
}

/** The first letter of each word, a word being anything between spaces. */
export function untitleText(text: string): string {
  let afterSpace = true;
  return mapped(text, (char) => {
    if (isSpace(char)) {
      afterSpace = true;
      return char;
    }
    const result = afterSpace ? lowerRune(char) : char;
    afterSpace = false;
    return result;
  });
}

/** Capitals become small; small letters become capitals, at the start of a word title case. */
export function swapCase(text: string): string {
  let afterSpace = true;
  return mapped(text, (char) => {
    if (isUpper(char) || isTitle(char)) {
      afterSpace = false;
      return lowerRune(char);
    }
    if (!isLower(char)) {
      afterSpace = isSpace(char);
      return char;
    }
    const result = afterSpace ? titleRune(char) : upperRune(char);
    afterSpace = false;
    return result;
  });
}
