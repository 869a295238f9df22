import { cloneJson, equalJson, isJsonObject } from "../object/json-value.ts";
import type { FieldError } from "../object/field-error.ts";
import type { KubeObject } from "../object/kube-object.ts";
import { canonicalValue, objectSchema, schemaLibrary } from "../schema/index.ts";
import { columnsOf } from "./columns.ts";
import type { Cell } from "./columns.ts";
import type { Kind, OtherSubresource, Requester, Strategy, Subresources, Verb } from "./kind.ts";
import { updateErrors } from "./update-checks.ts";
import type { KindChecks, UpdateCheck } from "./update-checks.ts";
import { validateMetadata } from "./validation/metadata.ts";
import type { MetadataRules } from "./validation/metadata.ts";
import { subdomainName } from "./validation/names.ts";
import type { NameRule } from "./validation/names.ts";

/** What a file of a built-in kind says. All that is left out is what most kinds do. */
export interface KindDefinition<Type = KubeObject> {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  /** True unless said otherwise. */
  readonly namespaced?: boolean;
  /** All unless said otherwise. */
  readonly verbs?: readonly Verb[];
  readonly hasStatus?: boolean;
  /** Who makes or changes the object can say its status as well: always, or only of a new one. */
  readonly takesStatus?: "always" | "when new";
  readonly scale?: Subresources["scale"];
  readonly subresources?: readonly OtherSubresource[];
  /** How a name must look: a DNS subdomain unless said otherwise. */
  readonly nameRule?: NameRule;
  /** Finalizers without a domain must be those that Kubernetes itself has; true unless said otherwise. */
  readonly hasStandardFinalizers?: boolean;
  /** What stands in the columns of `kubectl get`, by the name of the column; those for name and age are there. */
  readonly cells?: Readonly<Record<string, Cell<Type>>>;
  readonly selectableFields?: Readonly<Record<string, (object: Type) => string>>;
  readonly storedAs?: Kind["storedAs"];
  readonly resetFields?: Kind["resetFields"];
  readonly deprecation?: string;
  /** `metadata.generation` counts the changes of these fields; `spec` is the usual one. Left out: it isn't counted. */
  readonly generationOf?: readonly string[];
  /** Dot paths of lists that are always written: Kubernetes keeps an empty one as null. */
  readonly nullWhenEmpty?: readonly string[];
  readonly setDefaults?: (object: Type) => void;
  /** After the status was cleared. */
  readonly prepareForCreate?: (object: Type, requester: Requester) => void;
  /** After the status was kept. */
  readonly prepareForUpdate?: (next: Type, current: Type) => void;
  /** After everything but the status was kept. */
  readonly prepareForStatusUpdate?: (next: Type, current: Type) => void;
  /** Without the metadata. */
  readonly validate?: (object: Type) => readonly FieldError[];
  /** Left out: what became of the metadata, and then what the kind says of updates, or else of new objects. */
  readonly updateChecks?: readonly UpdateCheck[];
  /** The same for the status, of which the kind says something as well. */
  readonly statusChecks?: readonly UpdateCheck[];
  readonly validateUpdate?: (next: Type, current: Type) => readonly FieldError[];
  readonly validateStatusUpdate?: (next: Type, current: Type) => readonly FieldError[];
  readonly warnings?: (object: Type, current: Type | undefined) => readonly string[];
  readonly createsOnUpdate?: boolean;
  /** True unless said otherwise. */
  readonly updatesUnconditionally?: boolean;
  readonly defaultGraceSeconds?: (object: Type) => number | undefined;
}

export const ALL_VERBS: readonly Verb[] = [
  "create",
  "delete",
  "deletecollection",
  "get",
  "list",
  "patch",
  "update",
  "watch",
];

/** The type is that of the kind's objects after decoding, which has checked them against the schema. */
export function defineKind<Type = KubeObject>(typed: KindDefinition<Type>): Kind {
  const definition = typed as unknown as KindDefinition;
  const { group, version, kind } = definition;
  const schemaName = `${schemaPackage(group)}.${version}.${kind}`;
  return {
    group,
    version,
    kind,
    plural: definition.plural,
    singular: kind.toLowerCase(),
    shortNames: definition.shortNames ?? [],
    categories: definition.categories ?? [],
    namespaced: definition.namespaced ?? true,
    verbs: definition.verbs ?? ALL_VERBS,
    schemaName,
    schema: objectSchema(schemaName),
    subresources: {
      ...(definition.hasStatus && { status: true }),
      ...(definition.scale && { scale: definition.scale }),
      ...(definition.subresources && { others: definition.subresources }),
    },
    columns: columnsOf(definition),
    selectableFields: definition.selectableFields ?? {},
    ...(definition.storedAs && { storedAs: definition.storedAs }),
    ...(definition.resetFields && { resetFields: definition.resetFields }),
    ...(definition.deprecation !== undefined && { deprecation: definition.deprecation }),
    strategy: strategyOf(definition, schemaName),
  };
}

function strategyOf(definition: KindDefinition, schemaName: string): Strategy {
  const { hasStatus, takesStatus, generationOf } = definition;
  const isNamespaced = definition.namespaced ?? true;
  const nameRule = definition.nameRule ?? subdomainName;
  const hasStandardFinalizers = definition.hasStandardFinalizers ?? true;
  const rules = { isNamespaced, nameRule, hasStandardFinalizers };
  const clearStatus = hasStatus && takesStatus === undefined ? statusClearing(definition, schemaName) : nothing;
  const keepGeneration = (next: KubeObject, current: KubeObject): void => {
    const generation = current.metadata.generation;
    if (generation === undefined) delete next.metadata.generation;
    else next.metadata.generation = generation;
  };
  const emptyToNull = (object: KubeObject): void => {
    for (const path of definition.nullWhenEmpty ?? []) nullWhenEmpty(object, path.split("."));
  };
  return {
    setDefaults: definition.setDefaults ?? nothing,
    prepareForCreate: (object, requester) => {
      if (generationOf) object.metadata.generation = 1;
      else if (object.metadata.generation === 0) delete object.metadata.generation;
      clearStatus(object);
      definition.prepareForCreate?.(object, requester);
      emptyToNull(object);
    },
    prepareForUpdate: (next, current) => {
      if (hasStatus && takesStatus !== "always") keep(next, current, "status");
      keepGeneration(next, current);
      definition.prepareForUpdate?.(next, current);
      if (generationOf?.some((field) => !equalJson(next[field], current[field])))
        next.metadata.generation = (current.metadata.generation ?? 0) + 1;
      emptyToNull(next);
    },
    prepareForStatusUpdate: (next, current) => {
      for (const field of Object.keys(next)) if (!statusFields.has(field)) delete next[field];
      for (const field of Object.keys(current)) if (!statusFields.has(field)) keep(next, current, field);
      keepGeneration(next, current);
      definition.prepareForStatusUpdate?.(next, current);
    },
    validate: (object) => {
      const errors = validateMetadata(object.metadata, rules);
      if (definition.validate) errors.push(...definition.validate(object));
      return errors;
    },
    ...updateRules(definition, rules),
    warnings: definition.warnings ?? (() => []),
    createsOnUpdate: definition.createsOnUpdate ?? false,
    updatesUnconditionally: definition.updatesUnconditionally ?? true,
    ...(definition.defaultGraceSeconds && { defaultGraceSeconds: definition.defaultGraceSeconds }),
  };
}

function updateRules(
  { updateChecks, statusChecks, validate, validateUpdate, validateStatusUpdate }: KindDefinition,
  rules: MetadataRules,
): Pick<Strategy, "validateUpdate" | "validateStatusUpdate"> {
  const whole = (object: KubeObject): readonly FieldError[] => validate?.(object) ?? [];
  const update: KindChecks = {
    rules,
    order: updateChecks ?? ["change", validateUpdate ? "rest" : "whole"],
    whole,
    rest: (next, current) => validateUpdate?.(next, current) ?? [],
  };
  const status: KindChecks = {
    rules,
    order: statusChecks ?? ["change", "rest"],
    whole,
    rest: (next, current) => validateStatusUpdate?.(next, current) ?? [],
  };
  return {
    validateUpdate: (next, current) => updateErrors(next, current, update),
    validateStatusUpdate: (next, current) => updateErrors(next, current, status),
  };
}

const statusFields = new Set(["status", "metadata", "apiVersion", "kind"]);

function nothing(): void {
  // Most kinds have nothing to complete.
}

function nullWhenEmpty(object: Record<string, unknown>, [field = "", ...rest]: readonly string[]): void {
  const value = object[field];
  if (rest.length > 0 && isJsonObject(value)) nullWhenEmpty(value, rest);
  else if (rest.length === 0 && Array.isArray(value) && value.length === 0) object[field] = null;
}

function keep(next: KubeObject, current: KubeObject, field: string): void {
  if (Object.hasOwn(current, field)) next[field] = current[field];
  else delete next[field];
}

/** Gives an object the status that Go writes when it has none, which is found out once for the kind. */
function statusClearing({ kind }: KindDefinition, schemaName: string): (object: KubeObject) => void {
  let empty: unknown;
  return (object) => {
    const schema = objectSchema(schemaName);
    if (!Object.hasOwn(schema.zeros ?? {}, "status")) {
      delete object["status"];
      return;
    }
    empty ??= canonicalValue(schema, {}, schemaLibrary, kind).value["status"];
    object["status"] = cloneJson(empty);
  };
}

const packages: Readonly<Record<string, string>> = {
  "": "io.k8s.api.core",
  "apiextensions.k8s.io": "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions",
  "apiregistration.k8s.io": "io.k8s.kube-aggregator.pkg.apis.apiregistration",
};

function schemaPackage(group: string): string {
  return packages[group] ?? `io.k8s.api.${group.slice(0, `${group}.`.indexOf("."))}`;
}
