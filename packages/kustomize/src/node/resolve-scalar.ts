import { tags } from "./node.ts";

/**
 * What a plain scalar means to go-yaml v3, which kustomize reads and writes objects with: YAML 1.2 booleans, but octal numbers
 * of both versions and timestamps.
 */
export type ScalarValue = string | number | bigint | boolean | null;

export interface ResolvedScalar {
  readonly tag: string;
  readonly value: ScalarValue;
}

const words = new Map<string, ResolvedScalar>();
for (const word of ["", "~", "null", "Null", "NULL"]) words.set(word, { tag: tags.null, value: null });
for (const word of ["true", "True", "TRUE"]) words.set(word, { tag: tags.bool, value: true });
for (const word of ["false", "False", "FALSE"]) words.set(word, { tag: tags.bool, value: false });
for (const word of [".nan", ".NaN", ".NAN"]) words.set(word, { tag: tags.float, value: Number.NaN });
for (const word of [".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"])
  words.set(word, { tag: tags.float, value: Number.POSITIVE_INFINITY });
for (const word of ["-.inf", "-.Inf", "-.INF"]) words.set(word, { tag: tags.float, value: Number.NEGATIVE_INFINITY });
words.set("<<", { tag: tags.merge, value: "<<" });

const floatPattern = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const int64Min = -(2n ** 63n);
const uint64Max = 2n ** 64n - 1n;

export function resolvePlain(text: string, explicitTag = ""): ResolvedScalar {
  const word = words.get(text);
  if (word !== undefined) return word;
  const first = text.charCodeAt(0);
  const isDigit = first >= 48 && first <= 57;
  if (isDigit || first === 43 || first === 45 || first === 46) {
    if (isDigit && (explicitTag === "" || explicitTag === tags.timestamp)) {
      const time = parseTimestamp(text);
      if (time !== undefined) return { tag: tags.timestamp, value: time };
    }
    const number = parseNumber(text, first === 46);
    if (number !== undefined) return number;
  }
  return { tag: tags.string, value: text };
}

function parseNumber(text: string, isDot: boolean): ResolvedScalar | undefined {
  const plain = isDot ? text : text.replaceAll("_", "");
  if (!isDot) {
    const integer = parseInteger(plain);
    if (integer !== undefined) return { tag: tags.int, value: integer };
  }
  if (!floatPattern.test(plain)) return undefined;
  const value = Number(plain);
  return Number.isFinite(value) ? { tag: tags.float, value } : undefined;
}

function parseInteger(plain: string): number | bigint | undefined {
  const match = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$/.exec(plain);
  if (match === null) return undefined;
  const [, sign, hex, binary, octal, decimal] = match;
  let digits = decimal ?? "";
  if (hex !== undefined) digits = `0x${hex}`;
  if (binary !== undefined) digits = `0b${binary}`;
  if (octal !== undefined) digits = `0o${octal}`;
  const magnitude = BigInt(digits);
  const value = sign === "-" ? -magnitude : magnitude;
  if (value < int64Min || value > uint64Max || (sign !== "" && value > 2n ** 63n - 1n)) return undefined;
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

const timestampPattern =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:[Tt]|[ \t]+)(\d{1,2}):(\d{1,2}):(\d{1,2})(\.\d+)?(?:[ \t]*(Z|[-+]\d{2}:\d{2}))?)?$/;

/** The timestamp as JSON writes it, or nothing. */
function parseTimestamp(text: string): string | undefined {
  const match = timestampPattern.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction, zone] = match;
  const isSpaced = hour !== undefined && !/[Tt]/.test(text.slice(8, 11));
  if (hour !== undefined && (zone !== undefined) === isSpaced) return undefined;
  const numbers = [month, day, hour ?? "0", minute ?? "0", second ?? "0"].map(Number);
  const [m = 0, d = 0, h = 0, min = 0, s = 0] = numbers;
  const lastDay = new Date(Date.UTC(Number(year), m, 0)).getUTCDate();
  if (m < 1 || m > 12 || d < 1 || d > lastDay || h > 23 || min > 59 || s > 59) return undefined;
  const two = (value: number): string => String(value).padStart(2, "0");
  const part = (fraction ?? "").replace(/0+$/, "").slice(0, 10);
  const offset = zone === undefined || zone === "+00:00" ? "Z" : zone;
  return `${year}-${two(m)}-${two(d)}T${two(h)}:${two(min)}:${two(s)}${part === "." ? "" : part}${offset}`;
}
