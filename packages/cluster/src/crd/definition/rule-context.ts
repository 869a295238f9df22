import { isEmbedded } from "../json-schema.ts";
import type { JsonSchema } from "../json-schema.ts";
import { declTypeOf } from "../rules/decl-type.ts";
import type { DeclType } from "../rules/decl-type.ts";
import { escapedName } from "../rules/escape-name.ts";
import { REQUEST_BYTES_MAX, SCHEMA_ESTIMATE_MAX } from "../rules/limits.ts";

/** What all rules of a schema may cost together, and which of them are the most expensive. */
export class TotalCost {
  total = 0;
  mostExpensive: readonly { readonly path: string; readonly cost: number }[] = [];

  add(path: string, cost: number): void {
    this.total += cost;
    if (cost < SCHEMA_ESTIMATE_MAX / 100) return;
    this.mostExpensive = [...this.mostExpensive, { path, cost }]
      .toSorted((left, right) => right.cost - left.cost)
      .slice(0, 4);
  }
}

/** How often a part of the schema can be in one object, and what its rules can know of it. */
export class RuleContext {
  readonly schema: JsonSchema;
  readonly total: TotalCost;
  /** Undefined: as often as fits into a request. */
  readonly countMax: number | undefined;
  readonly #parent: RuleContext | undefined;
  readonly #fromParent: ((decl: DeclType) => DeclType | undefined) | undefined;
  readonly #isInRules: boolean;
  #decl: { readonly found: DeclType | undefined } | undefined;

  constructor(schema: JsonSchema, within?: { readonly parent: RuleContext; readonly step: Step }) {
    this.schema = schema;
    this.#parent = within?.parent;
    this.#fromParent = within && ((decl) => childDecl(decl, within.step));
    this.total = within?.parent.total ?? new TotalCost();
    const hasRules = (schema["x-kubernetes-validations"] ?? []).length > 0;
    this.#isInRules = hasRules || (within !== undefined && within.parent.#isInRules);
    const { countMax } = within?.parent ?? { countMax: 1 };
    const factor = within ? elementsMax(within.parent.schema) : 1;
    this.countMax = countMax === undefined || factor === undefined ? undefined : countMax * factor;
  }

  child(schema: JsonSchema, step: Step): RuleContext {
    return new RuleContext(schema, { parent: this, step });
  }

  get decl(): DeclType | undefined {
    return (this.#decl ??= { found: this.#find() }).found;
  }

  /** What a rule here may cost in one object, when it costs this much once. */
  costOf(once: number, decl: DeclType): number {
    if (once === 0) return 0;
    return once * (this.countMax ?? Math.floor(REQUEST_BYTES_MAX / (decl.bytesMin + 1)));
  }

  #find(): DeclType | undefined {
    const parent = this.#parent !== undefined && this.#parent.#isInRules ? this.#parent.decl : undefined;
    const found = parent && this.#fromParent?.(parent);
    if (found) return { ...found, schema: this.schema };
    return declTypeOf(this.schema, this.#parent === undefined || isEmbedded(this.schema), "selfType");
  }
}

export type Step = { readonly property: string } | "items" | "values";

function childDecl(decl: DeclType, step: Step): DeclType | undefined {
  if (typeof step === "string") return decl.items;
  const escaped = escapedName(step.property);
  return escaped === undefined ? undefined : decl.fields?.get(escaped);
}

function elementsMax(schema: JsonSchema): number | undefined {
  if (schema.type === "array") return schema.maxItems === undefined ? undefined : Math.max(0, schema.maxItems);
  if (schema.type !== "object" || schema.additionalProperties === undefined) return 1;
  return schema.maxProperties === undefined ? undefined : Math.max(0, schema.maxProperties);
}
