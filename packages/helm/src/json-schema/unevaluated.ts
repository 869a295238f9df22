import { isTable } from "../values/table.ts";
import type { Schema } from "./schema.ts";

/** The properties and items that no keyword has looked at yet; tracked only where `unevaluated...` may ask for them. */
export class Unevaluated {
  readonly properties = new Set<string>();
  readonly items = new Set<number>();

  constructor(value: unknown, schema: Schema, needed: boolean) {
    if (isTable(value)) {
      if (schema.additionalProperties !== undefined) return;
      if (!needed && schema.unevaluatedProperties === undefined) return;
      for (const key of Object.keys(value)) this.properties.add(key);
    } else if (Array.isArray(value)) {
      const all = schema.additionalItems !== undefined || schema.items !== undefined;
      if (all || (!needed && schema.unevaluatedItems === undefined)) return;
      for (let at = schema.prefixItems?.length ?? 0; at < value.length; at++) this.items.add(at);
    }
  }

  get empty(): boolean {
    return this.properties.size === 0 && this.items.size === 0;
  }

  /** Takes away what another schema, that the value fits, has evaluated. */
  keepOnly(other: Unevaluated): void {
    for (const key of this.properties) if (!other.properties.has(key)) this.properties.delete(key);
    for (const at of this.items) if (!other.items.has(at)) this.items.delete(at);
  }
}
