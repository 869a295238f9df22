import { parseDotFloat, parseFloat64, parseInteger } from "./number.ts";
import { isTimestamp } from "./timestamp.ts";

export type ScalarKind = "null" | "bool" | "int" | "float" | "string" | "timestamp";

export type ScalarValue = string | number | bigint | boolean | null;

export interface Resolved {
  kind: ScalarKind;
  value: ScalarValue;
}

const words = new Map<string, Resolved>();

function addWords(kind: ScalarKind, value: ScalarValue, texts: string): void {
  for (const text of texts.split(" ")) {
    words.set(text, { kind, value });
  }
}

addWords("bool", true, "y Y yes Yes YES true True TRUE on On ON");
addWords("bool", false, "n N no No NO false False FALSE off Off OFF");
addWords("null", null, "~ null Null NULL");
words.set("", { kind: "null", value: null });
addWords("float", Number.NaN, ".nan .NaN .NAN");
addWords("float", Number.POSITIVE_INFINITY, ".inf .Inf .INF +.inf +.Inf +.INF");
addWords("float", Number.NEGATIVE_INFINITY, "-.inf -.Inf -.INF");

const noHint = 0;
const wordHint = 1;
const numberHint = 2;
const dotHint = 3;

/** What the first character of a plain scalar says: nearly all are strings at once. */
const hints: Uint8Array = buildHints();

function buildHints(): Uint8Array {
  const table = new Uint8Array(128);
  const mark = (characters: string, hint: number): void => {
    for (const character of characters) {
      table[character.charCodeAt(0)] = hint;
    }
  };
  mark("yYnNtTfFoO~", wordHint);
  mark("0123456789+-", numberHint);
  mark(".", dotHint);
  return table;
}

/** Whether a plain scalar can only be a string, by its first character. */
export function isSurelyString(text: string): boolean {
  const code = text.charCodeAt(0);
  return code >= 128 || hints[code] === noHint;
}

/** The meaning of a plain scalar without a tag, as YAML 1.1 in go-yaml v2 has it. */
export function resolvePlain(text: string): Resolved {
  const hint = text === "" ? wordHint : (hints[text.charCodeAt(0)] ?? noHint);
  if (hint === noHint) {
    return { kind: "string", value: text };
  }
  const word = words.get(text);
  if (word !== undefined) {
    return word;
  }
  if (hint === numberHint) {
    return resolveNumber(text);
  }
  const float = hint === dotHint ? parseDotFloat(text) : undefined;
  return float === undefined ? { kind: "string", value: text } : { kind: "float", value: float };
}

function resolveNumber(text: string): Resolved {
  if (text.charCodeAt(4) === 45 && isTimestamp(text)) {
    return { kind: "timestamp", value: text };
  }
  const integer = parseInteger(text);
  if (integer !== undefined) {
    return { kind: "int", value: integer };
  }
  const float = parseFloat64(text);
  return float === undefined ? { kind: "string", value: text } : { kind: "float", value: float };
}
