import { equalJson } from "../../object/json-value.ts";
import { hasAdditional, isObject, itemsOf, propertyOf, valuesOf } from "../json-schema.ts";
import type { JsonSchema } from "../json-schema.ts";

/**
 * A part of an object beside the same part of the object before. What didn't change is not refused for rules that came later
 * ("ratcheting").
 */
export class Correlation {
  readonly #value: unknown;
  readonly #before: unknown;
  readonly #schema: JsonSchema;
  #isSame: boolean | undefined;

  constructor(value: unknown, before: unknown, schema: JsonSchema) {
    this.#value = value;
    this.#before = before;
    this.#schema = schema;
  }

  get isUnchanged(): boolean {
    return (this.#isSame ??= this.#compare());
  }

  /** Undefined when it can't be said which part it was before. */
  key(name: string): Correlation | undefined {
    if (!isObject(this.#value) || !isObject(this.#before)) return undefined;
    if (!Object.hasOwn(this.#value, name) || !Object.hasOwn(this.#before, name)) return undefined;
    const schema = propertyOf(this.#schema, name) ?? (hasAdditional(this.#schema) ? valuesOf(this.#schema) : undefined);
    return schema && new Correlation(this.#value[name], this.#before[name], schema);
  }

  /** Only items of lists with keys can be found again. */
  item(index: number): Correlation | undefined {
    const schema = itemsOf(this.#schema);
    if (!Array.isArray(this.#value) || !Array.isArray(this.#before) || schema === undefined) return undefined;
    const value: unknown = this.#value[index];
    const before = sameItem(this.#schema, this.#before, value);
    return before === undefined || before === null ? undefined : new Correlation(value, before, schema);
  }

  #compare(): boolean {
    const [value, before] = [this.#value, this.#before];
    if (!Array.isArray(value) || !Array.isArray(before)) return equalJson(value, before);
    if (this.#schema["x-kubernetes-list-type"] !== "map") return equalJson(value, before);
    return value.length === before.length && value.every((_, index) => this.item(index)?.isUnchanged === true);
  }
}

/** The item of the list before that has the same keys. */
export function sameItem(schema: JsonSchema, before: readonly unknown[], item: unknown): unknown {
  if (schema["x-kubernetes-list-type"] !== "map" || !isObject(item)) return undefined;
  const key = keyOf(schema, item);
  return before.findLast((other) => isObject(other) && keyOf(schema, other) === key);
}

function keyOf(schema: JsonSchema, item: Readonly<Record<string, unknown>>): string {
  const items = itemsOf(schema);
  const keys = schema["x-kubernetes-list-map-keys"] ?? [];
  return JSON.stringify(keys.map((key) => item[key] ?? (items && propertyOf(items, key)?.default) ?? null));
}
