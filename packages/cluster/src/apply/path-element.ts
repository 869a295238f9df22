import { compareBytes, goQuote, goText } from "../object/go-text.ts";
import { isJsonObject } from "../object/json-value.ts";
import { FIELD_ELEMENTS_MAX, KEYS_MAX, NAME_MAX } from "./limits.ts";

/**
 * One step of a path into an object, in the text that `managedFields` keeps: `f:spec` (a field), `k:{"name":"web"}` (an item of a list with keys),
 * `v:"a"` (an item of a set), `i:0` (a position). The text is canonical, so that equal steps are equal strings.
 */
export type PathElement = string;

export type Path = readonly PathElement[];

export function fieldElement(name: string): PathElement {
  const known = fieldElements.get(name);
  if (known !== undefined) return known;
  const element = `f:${name}`;
  if (fieldElements.size < FIELD_ELEMENTS_MAX && name.length < NAME_MAX) fieldElements.set(name, element);
  return element;
}

/** Those of the kinds' types above all: the same text again is found faster in maps than an equal one that is new. */
const fieldElements = new Map<string, PathElement>();

/** The keys must be sorted by name, as schemas list them after `sortedKeys`. */
export function keyElement(keys: readonly (readonly [name: string, value: unknown])[]): PathElement {
  return `k:{${keys.map(([name, value]) => `${jsonText(name)}:${jsonText(value)}`).join(",")}}`;
}

export function valueElement(value: unknown): PathElement {
  return `v:${jsonText(value)}`;
}

/** The canonical form of what somebody wrote; undefined for kinds of steps that are not known, which are ignored. Throws when malformed. */
export function readPathElement(text: string): PathElement | undefined {
  if (text.length < 2) throw new SyntaxError("key must be 2 characters long:");
  if (text[1] !== ":") throw new SyntaxError(`missing colon: ${text}`);
  const rest = text.slice(2);
  switch (text[0]) {
    case "f":
      return text;
    case "v":
      return valueElement(JSON.parse(rest));
    case "k":
      return readKeyElement(rest);
    case "i":
      if (!/^[+-]?\d+$/.test(rest)) throw new SyntaxError(`strconv.Atoi: parsing ${goQuote(rest)}: invalid syntax`);
      return `i:${Number(rest)}`;
    default:
      return undefined;
  }
}

/** Whether it is the step that it says, in its canonical form. */
export function isCanonical(text: string): boolean {
  return text.startsWith("f:") || SIMPLE_KEY.test(text) || knownKeys.has(text) || isReadAsItself(text);
}

/** The step to an item with one key, a text that is written as it is. The order of such texts is the order of such steps. */
const SIMPLE_KEY = /^k:\{"[A-Za-z]+":"[#-%'-;=?-[\]-~]*"\}$/;

function isReadAsItself(text: string): boolean {
  try {
    return readPathElement(text) === text;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

function readKeyElement(text: string): PathElement {
  const keys: unknown = JSON.parse(text);
  if (!isJsonObject(keys)) throw new SyntaxError(`expected an object as key, got ${text}`);
  return keyElement(Object.entries(keys).sort(([left], [right]) => compareBytes(left, right)));
}

/** Whether the element names a field. */
export function fieldName(element: PathElement): string | undefined {
  return element.startsWith("f:") ? element.slice(2) : undefined;
}

/** As messages show it: `.spec`, `[name="web"]`, `[="a"]`. */
export function elementText(element: PathElement): string {
  const rest = element.slice(2);
  switch (element[0]) {
    case "f":
      return `.${rest}`;
    case "k":
      return `[${keysOf(element)
        .map(([name, value]) => `${name}=${valueText(value)}`)
        .join(",")}]`;
    case "v":
      return `[=${valueText(JSON.parse(rest))}]`;
    default:
      return `[${rest}]`;
  }
}

export function pathText(path: Path): string {
  return path.map(elementText).join("");
}

/** Fields first, then keys, values and positions, each in their own order. */
export function compareElements(left: PathElement, right: PathElement): number {
  if (left === right) return 0;
  if (left[0] !== right[0]) return KINDS.indexOf(left[0] ?? "") - KINDS.indexOf(right[0] ?? "");
  switch (left[0]) {
    case "f":
      return compareNames(left, right);
    case "k":
      if (SIMPLE_KEY.test(left) && SIMPLE_KEY.test(right)) return compareNames(left, right);
      return compareKeys(keysOf(left), keysOf(right));
    case "v":
      return compareValues(JSON.parse(left.slice(2)), JSON.parse(right.slice(2)));
    default:
      return Number(left.slice(2)) - Number(right.slice(2));
  }
}

const KINDS = "fkvi";

/** As `compareBytes`, for what differs early. */
function compareNames(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at++) {
    const order = left.charCodeAt(at) - right.charCodeAt(at);
    if (order === 0) continue;
    return left.charCodeAt(at) < SURROGATES && right.charCodeAt(at) < SURROGATES ? order : compareBytes(left, right);
  }
  return left.length - right.length;
}

const SURROGATES = 0xd800;

type Keys = readonly (readonly [string, unknown])[];

function keysOf(element: PathElement): Keys {
  const known = knownKeys.get(element);
  if (known) return known;
  const keys = Object.entries(JSON.parse(element.slice(2)) as Record<string, unknown>).sort(([left], [right]) =>
    compareBytes(left, right),
  );
  if (knownKeys.size >= KEYS_MAX) knownKeys.clear();
  knownKeys.set(element, keys);
  return keys;
}

/** Of steps in their canonical form. Sorting asks for the same ones again and again. */
const knownKeys = new Map<PathElement, Keys>();

function compareKeys(left: Keys, right: Keys): number {
  for (let index = 0; index < Math.min(left.length, right.length); index += 1) {
    const [leftName, leftValue] = left[index] ?? ["", null];
    const [rightName, rightValue] = right[index] ?? ["", null];
    const order = compareBytes(leftName, rightName) || compareValues(leftValue, rightValue);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** Numbers first, then texts, truth values and the rest, each in their own order. */
export function compareValues(left: unknown, right: unknown): number {
  const leftRank = valueRank(left);
  const rightRank = valueRank(right);
  if (leftRank !== rightRank) return leftRank - rightRank;
  if (typeof left === "number" && typeof right === "number") return left - right;
  if (typeof left === "string" && typeof right === "string") return compareBytes(left, right);
  if (typeof left === "boolean" && typeof right === "boolean") return Number(left) - Number(right);
  return compareBytes(jsonText(left), jsonText(right));
}

function valueRank(value: unknown): number {
  if (typeof value === "number") return 0;
  if (typeof value === "string") return 1;
  if (typeof value === "boolean") return 2;
  if (Array.isArray(value)) return 3;
  return value === null ? 5 : 4;
}

function valueText(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "string") return goQuote(value);
  if (Array.isArray(value)) return `[${value.map(valueText).join(",")}]`;
  if (isJsonObject(value)) {
    return Object.entries(value)
      .map(([key, item]) => `${key}=${valueText(item)}`)
      .join("");
  }
  return goText(value);
}

/** Whether JSON writes the text as it is. */
export function isPlain(text: string): boolean {
  return PLAIN.test(text);
}

const PLAIN = /^[ !#-%'-;=?-[\]-~]*$/;
const UNSAFE = /[<>&\u2028\u2029]/g;

/** As Go writes JSON: characters that HTML knows are escaped. */
export function jsonText(value: unknown): string {
  if (typeof value === "string" && isPlain(value)) return `"${value}"`;
  if (Number.isInteger(value)) return String(value);
  return JSON.stringify(value).replace(
    UNSAFE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
