import { CelError } from "./cel-error.ts";
import { CelMap, isList, Opaque, Optional } from "./value.ts";
import type { Value } from "./value.ts";

/** Counts the work of an evaluation in the units of Kubernetes, and ends it when it is too much. */
export class CostMeter {
  #cost = 0;
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get cost(): number {
    return this.#cost;
  }

  add(cost: number): void {
    this.#cost += cost;
    if (this.#cost > this.#limit) throw new CelError("cost", "operation cancelled: actual cost limit exceeded");
  }
}

export const LIST_COST = 10;
export const MAP_COST = 30;
export const STRUCT_COST = 40;

const TRAVERSAL = 0.1;
const PATTERN = 0.25;

/** How much there is of a value; what has no size is one. */
export function sizeOf(value: Value | undefined): number {
  if (typeof value === "string") return value.length;
  if (value instanceof Uint8Array) return value.length;
  if (value instanceof CelMap) return value.size;
  if (value instanceof Optional) return sizeOf(value.value);
  if (value instanceof Opaque) return opaqueSize(value);
  return value !== undefined && isList(value) ? value.length : 1;
}

function opaqueSize({ content }: Opaque): number {
  return typeof content === "object" && content !== null && "costSize" in content ? Number(content.costSize) : 1;
}

type CallCost = (args: readonly Value[], result: Value) => number;

const traversal: CallCost = ([first]) => Math.ceil(sizeOf(first) * TRAVERSAL);
const twice: CallCost = ([first]) => Math.ceil(sizeOf(first) * 2 * TRAVERSAL);
const shorter: CallCost = ([first, second]) => Math.ceil(Math.min(sizeOf(first), sizeOf(second)) * TRAVERSAL);
const pattern: CallCost = ([text, expression]) =>
  Math.ceil((1 + sizeOf(text)) * TRAVERSAL) * Math.ceil(sizeOf(expression) * PATTERN);
const constant =
  (cost: number): CallCost =>
  () =>
    cost;

function equality([first, second]: readonly Value[]): number {
  if (first instanceof Opaque) return 1;
  return Math.ceil(Math.min(sizeOf(first), sizeOf(second)) * TRAVERSAL);
}

function ordering([first, second]: readonly Value[], result: Value): number {
  return typeof first === "string" || first instanceof Uint8Array ? shorter([first, second ?? null], result) : 1;
}

function addition([first, second]: readonly Value[]): number {
  const isText = typeof first === "string" || first instanceof Uint8Array;
  return isText ? Math.ceil((sizeOf(first) + sizeOf(second)) * TRAVERSAL) : 1;
}

function containment([range, other]: readonly Value[]): number {
  return (
    Math.ceil(sizeOf(range) * 2 * TRAVERSAL) + (typeof other === "string" ? Math.ceil(sizeOf(other) * TRAVERSAL) : 0)
  );
}

/** What it takes to look at all that is in a value. */
function deepSize(value: Value | undefined): number {
  if (typeof value === "string" || value instanceof Uint8Array) return Math.floor(value.length * TRAVERSAL);
  if (value instanceof CelMap) {
    return [...value.entries()].reduce((sum, [key, item]) => sum + deepSize(key) + deepSize(item), 0);
  }
  if (value !== undefined && isList(value)) return value.reduce<number>((sum, item) => sum + deepSize(item), 0);
  return 1;
}

function squared(list: Value | undefined): number {
  return Math.floor(sizeOf(list) ** 2 * 2) + LIST_COST + 1;
}

function isPresent(value: Value): boolean {
  return !(value instanceof Optional) || value.value !== undefined;
}

/** Longest pattern behind each format, as the cost of checking it is reckoned. */
const FORMAT_PATTERN: Readonly<Record<string, number>> = {
  dns1123Label: 30,
  dns1123Subdomain: 60,
  dns1035Label: 30,
  qualifiedName: 60,
  dns1123LabelPrefix: 30,
  dns1123SubdomainPrefix: 60,
  dns1035LabelPrefix: 30,
  labelValue: 40,
  uri: 1103,
  uuid: 72,
  byte: 84,
  date: 71,
  datetime: 71,
};

const COSTS: Readonly<Record<string, CallCost>> = {
  startsWith: traversal,
  endsWith: traversal,
  bytes: ([first]) => (typeof first === "string" ? Math.ceil(sizeOf(first) * TRAVERSAL) : 1),
  string: ([first]) => (first instanceof Uint8Array ? Math.ceil(sizeOf(first) * TRAVERSAL) : 1),
  format: traversal,
  "strings.quote": traversal,
  "@in": ([, second]) => (second !== undefined && isList(second) ? second.length : 1),
  "@not_strictly_false": constant(1),
  "sets.contains": ([first, second]) => sizeOf(first) * sizeOf(second) + 1,
  "sets.intersects": ([first, second]) => sizeOf(first) * sizeOf(second) + 1,
  "sets.equivalent": ([first, second]) => 2 * sizeOf(first) * sizeOf(second) + 1,
  sort: ([first]) => squared(first),
  distinct: ([first]) => squared(first),
  "@sortByAssociatedKeys": ([, keys]) => squared(keys),
  reverse: (_args, result) => sizeOf(result) + LIST_COST + 1,
  flatten: (_args, result) => sizeOf(result) + LIST_COST,
  slice: (_args, result) => sizeOf(result) + LIST_COST + 1,
  "lists.range": (_args, result) => sizeOf(result) + LIST_COST + 1,
  "_[?_]": (_args, result) => (sizeOf(result) > 0 && isPresent(result) ? 1 : 0),
  "_==_": equality,
  "_!=_": equality,
  "_<_": ordering,
  "_<=_": ordering,
  "_>_": ordering,
  "_>=_": ordering,
  "_+_": addition,
  matches: pattern,
  find: pattern,
  findAll: pattern,
  contains: ([text, part]) => Math.ceil(sizeOf(text) * TRAVERSAL) * Math.ceil(sizeOf(part) * TRAVERSAL),
  check: constant(350_000),
  isSorted: ([list]) => deepSize(list),
  sum: ([list]) => deepSize(list),
  max: ([list]) => deepSize(list),
  min: ([list]) => deepSize(list),
  indexOf: ([list]) => deepSize(list),
  lastIndexOf: ([list]) => deepSize(list),
  url: traversal,
  lowerAscii: traversal,
  upperAscii: traversal,
  substring: traversal,
  trim: traversal,
  "jsonpatch.escapeKey": traversal,
  replace: twice,
  split: twice,
  join: (_args, result) => Math.ceil(sizeOf(result) * 2 * TRAVERSAL),
  cidr: traversal,
  isIP: traversal,
  isCIDR: traversal,
  ip: ([first]) => (first instanceof Opaque ? 1 : Math.ceil(sizeOf(first) * TRAVERSAL)),
  "ip.isCanonical": twice,
  containsIP: containment,
  containsCIDR: (args) => containment(args) + Math.ceil(sizeOf(args[0]) * TRAVERSAL) + 1,
  quantity: traversal,
  isQuantity: traversal,
  semver: traversal,
  isSemver: traversal,
  fieldSelector: ([, text]) => Math.ceil(sizeOf(text) * TRAVERSAL) + 1,
  labelSelector: ([, text]) => Math.ceil(sizeOf(text) * TRAVERSAL) + 1,
  validate: ([format, text]) => Math.ceil((1 + sizeOf(text)) * TRAVERSAL) * Math.ceil(formatSize(format) * PATTERN),
};

function formatSize(format: Value | undefined): number {
  return format instanceof Opaque ? (FORMAT_PATTERN[String(format.content)] ?? 64) : 64;
}

/** What a call costs; those that take the same time for all arguments cost one. */
export function callCost(name: string, args: readonly Value[], result: Value): number {
  const cost = Object.hasOwn(COSTS, name) ? COSTS[name] : undefined;
  return cost === undefined ? 1 : cost(args, result);
}
