import type { Lines } from "./lines.ts";
import { scalar } from "./scalar.ts";

export type Value = string | number | boolean | readonly Value[] | { readonly [key: string]: Value };

/** A value as lines of YAML, in the order of its keys. */
export function valueLines(value: { readonly [key: string]: Value }): Lines {
  return { lines: Object.entries(value).flatMap(([key, each]) => entryLines(`${scalar(key)}:`, each)) };
}

function entryLines(key: string, value: Value): readonly string[] {
  if (typeof value === "string") return [`${key} ${scalar(value)}`];
  if (typeof value !== "object") return [`${key} ${value}`];
  if (isList(value)) {
    if (value.length === 0) return [`${key} []`];
    return [key, ...value.flatMap((item) => itemLines(item)).map((line) => `  ${line}`)];
  }
  const { lines } = valueLines(value);
  return lines.length === 0 ? [`${key} {}`] : [key, ...lines.map((line) => `  ${line}`)];
}

function itemLines(item: Value): readonly string[] {
  const lines = typeof item === "object" && !isList(item) ? valueLines(item).lines : entryLines("", item);
  return lines.map((line, index) => (index === 0 ? `- ${line.trimStart()}` : `  ${line}`));
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** What of a value differs from another one, with nothing around it that is the same; undefined when all is. */
export function differenceOf(value: Value, from: Value | undefined): Value | undefined {
  if (!isMap(value) || from === undefined || !isMap(from)) return isEqual(value, from) ? undefined : value;
  const different = Object.entries(value).flatMap(([key, each]) => {
    const difference = differenceOf(each, Object.hasOwn(from, key) ? from[key] : undefined);
    return difference === undefined ? [] : [[key, difference] as const];
  });
  return different.length === 0 ? undefined : Object.fromEntries(different);
}

function isMap(value: Value): value is { readonly [key: string]: Value } {
  return typeof value === "object" && !isList(value);
}

function isEqual(value: Value, other: Value | undefined): boolean {
  return JSON.stringify(value) === JSON.stringify(other);
}

/** Entries with what each is for above it, and a line between them. */
export function commented(entries: readonly (readonly [comment: string, key: string, value: Value])[]): Lines {
  return {
    lines: entries.flatMap(([comment, key, value], index) => [
      ...(index === 0 ? [] : [""]),
      ...(comment === "" ? [] : [`# ${comment}`]),
      ...valueLines({ [key]: value }).lines,
    ]),
  };
}
