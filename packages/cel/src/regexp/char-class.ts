// Classes of characters. What Unicode knows about characters is asked of JavaScript's own expressions, one character at a
// time, so that nothing can backtrack.

/** A part of a class, as JavaScript writes it between brackets. */
export interface ClassPart {
  readonly source: string;
  readonly negated: boolean;
}

/** Remembered answers for characters beyond ASCII, per class. */
const answersMax = 5_000;

export class CharTest {
  readonly #ascii = new Uint8Array(128);
  readonly #beyond = new Map<number, boolean>();
  readonly #test: (char: string) => boolean;

  constructor(parts: readonly ClassPart[], { negated, fold }: { readonly negated: boolean; readonly fold: boolean }) {
    const flags = fold ? "iv" : "v";
    const positive = parts.filter((part) => !part.negated).map((part) => part.source);
    const expressions = [
      ...(positive.length > 0 ? [{ expression: new RegExp(`^[${positive.join("")}]$`, flags), negated: false }] : []),
      ...parts
        .filter((part) => part.negated)
        .map((part) => ({ expression: new RegExp(`^[${part.source}]$`, flags), negated: true })),
    ];
    this.#test = (char) => expressions.some((each) => each.expression.test(char) !== each.negated) !== negated;
    for (let code = 0; code < 128; code++) this.#ascii[code] = this.#test(String.fromCharCode(code)) ? 1 : 0;
  }

  matches(code: number): boolean {
    if (code < 128) return this.#ascii[code] === 1;
    const known = this.#beyond.get(code);
    if (known !== undefined) return known;
    const answer = this.#test(String.fromCodePoint(code));
    if (this.#beyond.size < answersMax) this.#beyond.set(code, answer);
    return answer;
  }
}

export function rangeSource(low: number, high: number): string {
  const escape = (code: number): string => `\\u{${code.toString(16)}}`;
  return low === high ? escape(low) : `${escape(low)}-${escape(high)}`;
}

const perlClasses: Readonly<Record<string, string>> = {
  d: "0-9",
  s: String.raw`\t\n\f\r `,
  w: "0-9A-Za-z_",
};

/** \d \s \w and their opposites, all ASCII. */
export function perlClass(letter: string): ClassPart | undefined {
  const lower = letter.toLowerCase();
  const source = Object.hasOwn(perlClasses, lower) ? perlClasses[lower] : undefined;
  return source === undefined ? undefined : { source, negated: letter !== lower };
}

const posixClasses: Readonly<Record<string, string>> = {
  alnum: "0-9A-Za-z",
  alpha: "A-Za-z",
  ascii: String.raw`\u{0}-\u{7f}`,
  blank: String.raw`\t `,
  cntrl: String.raw`\u{0}-\u{1f}\u{7f}`,
  digit: "0-9",
  graph: String.raw`\u{21}-\u{7e}`,
  lower: "a-z",
  print: String.raw`\u{20}-\u{7e}`,
  punct: String.raw`\u{21}-\u{2f}\u{3a}-\u{40}\u{5b}-\u{60}\u{7b}-\u{7e}`,
  space: String.raw`\u{9}-\u{d} `,
  upper: "A-Z",
  word: "0-9A-Za-z_",
  xdigit: "0-9A-Fa-f",
};

/** [:name:] and [:^name:], given without brackets and colons. */
export function posixClass(name: string): ClassPart | undefined {
  const negated = name.startsWith("^");
  const bare = negated ? name.slice(1) : name;
  const source = Object.hasOwn(posixClasses, bare) ? posixClasses[bare] : undefined;
  return source === undefined ? undefined : { source, negated };
}

const special: Readonly<Record<string, string>> = {
  any: String.raw`\p{Any}`,
  assigned: String.raw`\p{Assigned}`,
  ascii: String.raw`\p{ASCII}`,
  lc: String.raw`\p{LC}`,
};

/** \p{name}: a category or a script. */
export function unicodeClass(name: string): string | undefined {
  const known = special[name.toLowerCase()];
  if (known !== undefined) return known;
  const words = name.split(/[_ -]/u).map((word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase());
  const candidate = words.join("_");
  if (!/^[A-Za-z][A-Za-z_]*$/u.test(candidate)) return undefined;
  const isProperty = (source: string): boolean => {
    try {
      return new RegExp(source, "v").source !== "";
    } catch (error) {
      if (error instanceof SyntaxError) return false;
      throw error;
    }
  };
  return [`\\p{gc=${candidate}}`, `\\p{Script=${candidate}}`].find(isProperty);
}
