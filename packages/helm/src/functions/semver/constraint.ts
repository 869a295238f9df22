import { functionLimits } from "../limits.ts";
import { type Version, parseVersion } from "./version.ts";

export type Operator = "=" | "!=" | ">" | "<" | ">=" | "<=" | "~" | "^";

/** One comparison. Missing or wildcard parts of its version are zero in `version` and marked as dirty. */
export interface Comparison {
  readonly operator: Operator;
  readonly version: Version;
  readonly dirty: boolean;
  readonly minorDirty: boolean;
  readonly patchDirty: boolean;
}

/** Alternatives, each a list of comparisons that must all hold. */
export type Constraint = readonly (readonly Comparison[])[];

const identifiers = String.raw`[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*`;
const part = String.raw`[0-9|xX*]+`;
const pattern = `v?${part}(?:\\.${part})?(?:\\.${part})?(?:-${identifiers})?(?:\\+${identifiers})?`;
const capturing = `v?(${part})(\\.${part})?(\\.${part})?(?:(-${identifiers}))?(?:\\+${identifiers})?`;
// In this order, as leftmost-first matching takes the first alternative that leads to a match.
const operators = String.raw`=||!=|>|<|>=|=>|<=|=<|~|~>|\^`;
const blank = String.raw`[\t\n\f\r ]`;

const range = new RegExp(`${blank}*(${pattern})${blank}+-${blank}+(${pattern})${blank}*`, "gu");
const single = new RegExp(`^${blank}*(${operators})${blank}*(${capturing})${blank}*$`, "u");
const each = new RegExp(`(?:${operators})${blank}*(?:${pattern})`, "gu");
const first = new RegExp(`${blank}*(?:${operators})${blank}*(?:${pattern})`, "yu");
const separator = new RegExp(`${blank}*,${blank}*|${blank}+`, "yu");
const next = new RegExp(`(?:${operators})${blank}*(?:${pattern})`, "yu");

const operatorNames: Readonly<Record<string, Operator>> = {
  "": "=",
  "=": "=",
  "!=": "!=",
  ">": ">",
  "<": "<",
  ">=": ">=",
  "=>": ">=",
  "<=": "<=",
  "=<": "<=",
  "~": "~",
  "~>": "~",
  "^": "^",
};

const known = new Map<string, Constraint>();

/** Parses a constraint, or finds it among those parsed lately; what is wrong with it is the thrown message. */
export function requireConstraint(text: string): Constraint {
  const present = known.get(text);
  if (present !== undefined) return present;
  const constraint = parseAlternatives(text);
  if (known.size >= functionLimits.constraintCacheMax) known.clear();
  known.set(text, constraint);
  return constraint;
}

function parseAlternatives(text: string): Constraint {
  const rewritten = text.replace(range, ">= $1, <= $2 ");
  return rewritten.split("||").map((alternative) => {
    if (!isValid(alternative)) throw new Error(`improper constraint: ${alternative}`);
    return (alternative.match(each) ?? [alternative]).map(parseComparison);
  });
}

/** The constraint, or undefined if the text is none. */
export function parseConstraint(text: string): Constraint | undefined {
  try {
    return requireConstraint(text);
  } catch {
    return undefined;
  }
}

/** Comparisons with blanks or commas between them; scanned by hand, because one expression for it could run for ages. */
function isValid(text: string): boolean {
  let at = matchEnd(first, text, 0);
  while (at !== undefined) {
    const gap = matchEnd(separator, text, at);
    const rest = gap ?? at;
    if (rest === text.length) return !text.slice(at).includes(",");
    if (gap === undefined) return false;
    at = matchEnd(next, text, gap);
  }
  return false;
}

function matchEnd(expression: RegExp, text: string, at: number): number | undefined {
  expression.lastIndex = at;
  return expression.test(text) ? expression.lastIndex : undefined;
}

function parseComparison(text: string): Comparison {
  const match = single.exec(text);
  if (match === null) throw new Error(`improper constraint: ${text}`);
  const [, operatorText = "", , major = "", minor = "", patch = "", pre = ""] = match;
  let version = `${major}${minor}${patch}${pre}`;
  let dirt = { dirty: false, minorDirty: false, patchDirty: false };
  if (isWildcard(major)) {
    version = `0.0.0${pre}`;
    dirt = { ...dirt, dirty: true };
  } else if (minor === "" || isWildcard(minor.slice(1))) {
    version = `${major}.0.0${pre}`;
    dirt = { ...dirt, dirty: true, minorDirty: true };
  } else if (patch === "" || isWildcard(patch.slice(1))) {
    version = `${major}${minor}.0${pre}`;
    dirt = { ...dirt, dirty: true, patchDirty: true };
  }
  const parsed = parseVersion(version);
  if (parsed === undefined) throw new Error("constraint parser error");
  return { operator: operatorNames[operatorText] ?? "=", version: parsed, ...dirt };
}

function isWildcard(text: string): boolean {
  return text === "x" || text === "X" || text === "*";
}
