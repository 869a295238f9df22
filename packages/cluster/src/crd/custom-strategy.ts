import { validateMetadata, validateMetadataUpdate } from "../kinds/index.ts";
import type { Strategy, Warn } from "../kinds/kind.ts";
import { invalid } from "../kinds/validation/errors.ts";
import { qualifiedName, subdomainName } from "../kinds/validation/names.ts";
import { goQuote, goText, goTypeOf } from "../object/go-text.ts";
import type { FieldError } from "../object/field-error.ts";
import { cloneJson, equalJson } from "../object/json-value.ts";
import type { KubeObject } from "../object/kube-object.ts";
import type { CustomResourceSubresources } from "../schema/data/types/apiextensions-v1.ts";
import { isObject, propertyOf } from "./json-schema.ts";
import type { JsonSchema } from "./json-schema.ts";
import { runRules } from "./rules/run-rules.ts";
import type { RuleOutcome } from "./rules/run-rules.ts";
import { ruleTreeOf } from "./rules/rule-tree.ts";
import type { RuleTree } from "./rules/rule-tree.ts";
import { Correlation } from "./values/correlation.ts";
import { fillDefaults } from "./values/defaults.ts";
import { validateEmbedded } from "./values/embedded.ts";
import { validateListTypes } from "./values/list-types.ts";
import { validateValue } from "./values/validate-value.ts";

export interface CustomStrategyOptions {
  readonly schema: JsonSchema;
  readonly namespaced: boolean;
  readonly subresources: CustomResourceSubresources | undefined;
}

/** What happens to a custom object on its way to the store. */
export function customStrategy({ schema, namespaced, subresources }: CustomStrategyOptions): Strategy {
  const hasStatus = subresources?.status !== undefined;
  const checks = new CustomChecks({ schema, namespaced, subresources });
  return {
    setDefaults: (object) => fillDefaults(object, schema),
    prepareForCreate: (object) => {
      if (hasStatus) delete object["status"];
      object.metadata.generation = 1;
    },
    prepareForUpdate: (next, current) => {
      if (hasStatus) keepField(next, current, "status");
      const { metadata: _, ...after } = next;
      const { metadata: __, ...before } = current;
      const generation = current.metadata.generation ?? 1;
      next.metadata.generation = equalJson(after, before) ? generation : generation + 1;
    },
    prepareForStatusUpdate: (next, current) => {
      const { managedFields } = next.metadata;
      for (const field of Object.keys(next)) if (field !== "status") delete next[field];
      for (const field of Object.keys(current)) if (field !== "status") keepField(next, current, field);
      next.metadata = { ...cloneJson(current.metadata), ...(managedFields && { managedFields }) };
      if (!managedFields) delete next.metadata.managedFields;
    },
    validate: (object) => checks.validate(object),
    validateUpdate: (next, current, warn) => checks.validateUpdate(next, current, warn),
    validateStatusUpdate: (next, current, warn) => checks.validateStatusUpdate(next, current, warn),
    warnings: finalizerWarnings,
    createsOnUpdate: false,
    updatesUnconditionally: false,
  };
}

function keepField(next: KubeObject, current: KubeObject, field: string): void {
  if (Object.hasOwn(current, field)) next[field] = cloneJson(current[field]);
  else delete next[field];
}

interface Change {
  readonly before: KubeObject | undefined;
  readonly correlation?: Correlation;
  readonly warn?: Warn | undefined;
}

class CustomChecks {
  readonly #options: CustomStrategyOptions;
  #tree: { readonly rules: RuleTree | undefined } | undefined;

  constructor(options: CustomStrategyOptions) {
    this.#options = options;
  }

  validate(object: KubeObject): readonly FieldError[] {
    const { schema, namespaced } = this.#options;
    const errors = [
      ...validateMetadata(object.metadata, {
        isNamespaced: namespaced,
        nameRule: subdomainName,
        hasStandardFinalizers: false,
      }),
      ...validateValue(object, schema),
      ...this.#scaleErrors(object, true),
      ...validateEmbedded(object, schema, ""),
      ...validateListTypes(object, schema, ""),
    ];
    return this.#withRules(errors, object, { before: undefined });
  }

  validateUpdate(next: KubeObject, current: KubeObject, warn?: Warn): readonly FieldError[] {
    const { schema } = this.#options;
    const correlation = new Correlation(next, current, schema);
    const errors = [
      ...validateMetadataUpdate(next.metadata, current.metadata),
      ...validateValue(next, schema, { correlation }),
      ...this.#scaleErrors(next, true),
      ...validateEmbedded(next, schema, ""),
      ...this.#listErrors(next, current),
    ];
    return this.#withRules(errors, next, { before: current, correlation, warn });
  }

  validateStatusUpdate(next: KubeObject, current: KubeObject, warn?: Warn): readonly FieldError[] {
    const { schema } = this.#options;
    const correlation = new Correlation(next, current, schema);
    const status = propertyOf(schema, "status");
    const errors = [
      ...validateMetadataUpdate(next.metadata, current.metadata),
      ...(status && Object.hasOwn(next, "status")
        ? validateValue(next["status"], status, { base: "status", correlation: correlation.key("status") })
        : []),
      ...this.#scaleErrors(next, false),
      ...this.#listErrors(next, current),
    ];
    return this.#withRules(errors, next, { before: current, correlation, warn });
  }

  /** Duplicates that were there before may stay. */
  #listErrors(next: KubeObject, current: KubeObject): readonly FieldError[] {
    const { schema } = this.#options;
    const errors = validateListTypes(next, schema, "");
    return errors.length > 0 && validateListTypes(current, schema, "").length > 0 ? [] : errors;
  }

  #withRules(
    errors: readonly FieldError[],
    object: KubeObject,
    { before, correlation, warn }: Change,
  ): readonly FieldError[] {
    const rules = (this.#tree ??= { rules: ruleTreeOf(this.#options.schema, true) }).rules;
    if (rules === undefined) return errors;
    if (errors.some(({ reason }) => BLOCKING.has(reason))) return [...errors, NOT_CHECKED];
    const outcome: RuleOutcome = runRules(rules, { value: object, before, path: "", correlation });
    for (const sentence of outcome.warnings) warn?.(sentence);
    return [...errors, ...outcome.errors];
  }

  #scaleErrors(object: KubeObject, hasSpec: boolean): readonly FieldError[] {
    const scale = this.#options.subresources?.scale;
    if (!scale) return [];
    const { specReplicasPath, statusReplicasPath, labelSelectorPath } = scale;
    return [
      ...(hasSpec ? replicaErrors(object, specReplicasPath) : []),
      ...replicaErrors(object, statusReplicasPath),
      ...(labelSelectorPath ? textErrors(object, labelSelectorPath) : []),
    ];
  }
}

const BLOCKING = new Set([
  "FieldValueNotSupported",
  "FieldValueRequired",
  "FieldValueTooLong",
  "FieldValueTooMany",
  "FieldValueTypeInvalid",
]);

const NOT_CHECKED: FieldError = invalid(
  "<nil>",
  null,
  "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation",
);

const INT32_MAX = 2 ** 31 - 1;

function replicaErrors(object: KubeObject, path: string): readonly FieldError[] {
  const found = valueAt(object, path);
  if ("problem" in found) return [invalid(path, 0, found.problem)];
  const { value } = found;
  if (value === undefined) return [];
  if (typeof value !== "number" || !Number.isInteger(value))
    return [invalid(path, 0, accessorProblem(path, value, "int64"))];
  if (value < 0) return [invalid(path, value, "should be a non-negative integer")];
  return value > INT32_MAX ? [invalid(path, value, `should be less than or equal to ${INT32_MAX}`)] : [];
}

function textErrors(object: KubeObject, path: string): readonly FieldError[] {
  const found = valueAt(object, path);
  if ("problem" in found) return [invalid(path, "", found.problem)];
  const { value } = found;
  if (value === undefined || typeof value === "string") return [];
  return [invalid(path, "", accessorProblem(path, value, "string"))];
}

function accessorProblem(path: string, value: unknown, expected: string): string {
  return `${path} accessor error: ${goText(value)} is of the type ${goTypeOf(value)}, expected ${expected}`;
}

function valueAt(object: KubeObject, path: string): { readonly value: unknown } | { readonly problem: string } {
  const names = path.split(".").slice(1);
  let value: unknown = object;
  for (const [index, name] of names.entries()) {
    if (value === undefined) return { value };
    if (!isObject(value))
      return { problem: accessorProblem(`.${names.slice(0, index).join(".")}`, value, "map[string]interface{}") };
    value = Object.hasOwn(value, name) ? value[name] : undefined;
  }
  return { value };
}

const STANDARD_FINALIZERS = new Set(["orphan", "foregroundDeletion", "kubernetes"]);

function finalizerWarnings(object: KubeObject, current: KubeObject | undefined): readonly string[] {
  const known = new Set(current?.metadata.finalizers);
  const added = (object.metadata.finalizers ?? []).filter((name) => !known.has(name));
  return [...new Set(added)].toSorted().flatMap((name) => {
    const start = `metadata.finalizers: ${goQuote(name)}: `;
    const problems = qualifiedName(name).map((problem) => `${start}${problem}`);
    if (name.includes("/") || STANDARD_FINALIZERS.has(name)) return problems;
    const how = name.includes(".") ? " including a path (/)" : "";
    const wish = `prefer a domain-qualified finalizer name${how} to avoid accidental conflicts with other finalizer writers`;
    return [...problems, `${start}${wish}`];
  });
}
