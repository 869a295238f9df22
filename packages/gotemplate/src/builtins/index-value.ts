// index, slice and len.
import { byteLength, sliceBytes, stringToBytes } from "../go-string.ts";
import {
  GoNil,
  GoNumber,
  GoStruct,
  declaredType,
  isGoMap,
  pointedStruct,
  typeName,
  withType,
  zeroValue,
} from "../value.ts";
import { prepared } from "./prepare.ts";

/** The place that an index names; `most` is the largest that is allowed. */
function position(index: unknown, most: number): number {
  if (index === null || index === undefined) throw new Error("cannot index slice/array with nil");
  const whole = index instanceof GoNumber ? index.value : index;
  if (typeof whole !== "bigint") throw new Error(`cannot index slice/array with type ${typeName(index)}`);
  if (whole < 0n || whole > BigInt(most)) throw new Error(`index out of range: ${BigInt.asIntN(64, whole)}`);
  return Number(whole);
}

/** The type of a value, or of what it points to. */
function pointedName(item: unknown): string {
  return typeName(item instanceof GoStruct ? pointedStruct(item) : item);
}

export function indexValue(item: unknown, ...indexes: readonly unknown[]): unknown {
  if (item === null || item === undefined) throw new Error("index of untyped nil");
  return indexes.reduce(elementAt, item);
}

function elementAt(item: unknown, index: unknown): unknown {
  if (item === null || item === undefined) throw new Error("index of nil pointer");
  if (item instanceof GoNil) return elementOfNil(item, index);
  if (isGoMap(item)) {
    const key = prepared(index, "string");
    if (typeof key === "string" && Object.hasOwn(item, key)) return item[key];
    return zeroValue(declaredType(item)?.elem ?? "interface {}");
  }
  if (typeof item === "string" || item instanceof Uint8Array) {
    const bytes = typeof item === "string" ? stringToBytes(item) : item;
    const kind = typeof item === "string" ? "string" : "slice";
    const byte = bytes[inRange(position(index, bytes.length), bytes.length, kind)] ?? 0;
    return new GoNumber("uint8", BigInt(byte));
  }
  if (!Array.isArray(item)) throw new Error(`can't index item of type ${pointedName(item)}`);
  const items: readonly unknown[] = item;
  return items[inRange(position(index, items.length), items.length)];
}

/** Go's own check behind the template's: an index equal to the length is let through by the first. */
function inRange(index: number, length: number, kind = "slice"): number {
  if (index >= length) throw new Error(`reflect: ${kind} index out of range`);
  return index;
}

function elementOfNil({ type }: GoNil, index: unknown): unknown {
  if (type.kind === "map") {
    prepared(index, "string");
    return zeroValue(type.elem ?? "interface {}");
  }
  if (type.kind !== "slice") throw new Error("index of nil pointer");
  return inRange(position(index, 0), 0);
}

export function sliceValue(item: unknown, ...indexes: readonly unknown[]): unknown {
  if (item === null || item === undefined) throw new Error("slice of untyped nil");
  if (item instanceof GoNil && item.type.kind === "ptr") throw new Error("slice of nil pointer");
  if (indexes.length > 3) throw new Error(`too many slice indexes: ${indexes.length}`);
  if (typeof item === "string") {
    if (indexes.length === 3) throw new Error("cannot 3-index slice a string");
    const [start, end] = bounds(indexes, byteLength(item));
    return sliceBytes(item, start, end);
  }
  if (item instanceof Uint8Array) return item.subarray(...bounds(indexes, item.length));
  if (item instanceof GoNil && item.type.kind === "slice") {
    bounds(indexes, 0);
    return item;
  }
  if (!Array.isArray(item)) throw new Error(`can't slice item of type ${pointedName(item)}`);
  const items: unknown[] = item;
  const part = items.slice(...bounds(indexes, items.length));
  const type = declaredType(items);
  return type === undefined ? part : withType(type, part);
}

/** Our slices have no room behind their end, so their capacity is their length. */
function bounds(indexes: readonly unknown[], length: number): [start: number, end: number] {
  const [start = 0, end = length, most] = indexes.map((index) => position(index, length));
  if (start > end) throw new Error(`invalid slice index: ${start} > ${end}`);
  if (most !== undefined && end > most) throw new Error(`invalid slice index: ${end} > ${most}`);
  return [start, end];
}

export function lengthOf(item: unknown): bigint {
  if (typeof item === "string") return BigInt(byteLength(item));
  if (Array.isArray(item) || item instanceof Uint8Array) return BigInt(item.length);
  if (isGoMap(item)) return BigInt(Object.keys(item).length);
  if (item === null) throw new Error("len of nil pointer");
  if (item === undefined) throw new Error("reflect: call of reflect.Value.Type on zero Value");
  if (item instanceof GoNil) {
    if (item.type.kind === "ptr") throw new Error("len of nil pointer");
    return 0n;
  }
  throw new Error(`len of type ${pointedName(item)}`);
}
