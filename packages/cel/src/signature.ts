import {
  BOOL,
  BYTES,
  DOUBLE,
  DURATION,
  DYN,
  INT,
  listOf,
  mapOf,
  NULL,
  opaque,
  optionalOf,
  STRING,
  TIMESTAMP,
  typeOf,
  typeParam,
  UINT,
} from "./cel-type.ts";
import type { CelType } from "./cel-type.ts";
import type { Value } from "./value.ts";

/** A function of the language. Several may have one name; the types of the arguments choose. */
export interface Overload {
  readonly name: string;
  readonly isMember: boolean;
  /** With the target of members first. */
  readonly args: readonly CelType[];
  readonly result: CelType;
  /** Only for values whose types are not known before. */
  readonly isHidden?: true;
  readonly call: (...args: readonly Value[]) => Value;
}

/**
 * Declares a function by its signature: `string.contains(string): bool`, `size(list(A)): int`. Single capital letters are type parameters; names
 * with a dot are types of a library.
 */
export function overload(signature: string, call: Overload["call"]): Overload {
  const parsed = SIGNATURE.exec(signature);
  if (parsed === null) throw new TypeError(`no signature: ${signature}`);
  const [, target = "", name = "", args = "", result = ""] = parsed;
  const types = splitArgs(args).map(readType);
  const isMember = target !== "";
  return {
    name,
    isMember,
    args: isMember ? [readType(target.slice(0, -2)), ...types] : types,
    result: readType(result),
    call,
  };
}

/** The target of a member is set off by two colons: `list(A)::contains(A): bool`. */
const SIGNATURE = /^(\S+?::)?([^\s(]+)\((.*)\): (\S.*)$/;

const SIMPLE: Readonly<Record<string, CelType>> = {
  bool: BOOL,
  bytes: BYTES,
  double: DOUBLE,
  duration: DURATION,
  dyn: DYN,
  int: INT,
  null: NULL,
  string: STRING,
  timestamp: TIMESTAMP,
  uint: UINT,
};

export function readType(text: string): CelType {
  const known = SIMPLE[text];
  if (known !== undefined) return known;
  if (/^[A-Z]$/.test(text)) return typeParam(text);
  const generic = /^([\w.]+)\((.*)\)$/.exec(text);
  if (generic === null) return opaque(text);
  const [first = DYN, second = DYN] = splitArgs(generic[2] ?? "").map(readType);
  switch (generic[1]) {
    case "list":
      return listOf(first);
    case "map":
      return mapOf(first, second);
    case "optional":
      return optionalOf(first);
    default:
      return typeOf(first);
  }
}

function splitArgs(text: string): string[] {
  const args: string[] = [];
  let depth = 0;
  let current = "";
  for (const character of text) {
    if (character === "(") depth += 1;
    if (character === ")") depth -= 1;
    if (character === "," && depth === 0) {
      args.push(current.trim());
      current = "";
    } else current += character;
  }
  return current.trim() === "" ? args : [...args, current.trim()];
}
