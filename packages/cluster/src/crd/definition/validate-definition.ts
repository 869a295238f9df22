import { invalid, notSupported, required } from "../../kinds/validation/errors.ts";
import { dns1035Label, dnsSubdomain } from "../../kinds/validation/names.ts";
import { IMMUTABLE } from "../../kinds/validation/immutable.ts";
import type { FieldError } from "../../object/field-error.ts";
import { equalJson } from "../../object/json-value.ts";
import type {
  CustomResourceDefinition,
  CustomResourceDefinitionSpec,
} from "../../schema/data/types/apiextensions-v1.ts";
import { isConditionTrue } from "../conditions.ts";
import { approvalErrors } from "./approval.ts";
import { internalFormOf, shownVersions } from "./internal-form.ts";
import type { InternalForm, VersionParts } from "./internal-form.ts";
import { isAuthority, validateConversion } from "./validate-conversion.ts";
import { validateNames } from "./validate-names.ts";
import {
  validateColumn,
  validateDeprecation,
  validateSelectableFields,
  validateSubresources,
} from "./validate-parts.ts";
import { validateRootSchema } from "./validate-root-schema.ts";

/** What is wrong with a definition, without its metadata. */
export function validateDefinition(
  definition: CustomResourceDefinition,
  current?: CustomResourceDefinition,
): readonly FieldError[] {
  return [
    ...validateSpec(definition, current),
    ...(current ? immutableErrors(definition.spec, current) : []),
    ...validateDefinitionStatus(definition),
    ...storedVersionErrors(definition),
    ...approvalErrors(definition, current),
    ...(definition.spec.preserveUnknownFields === true && current?.spec.preserveUnknownFields !== true
      ? [
          invalid(
            "spec.preserveUnknownFields",
            true,
            "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead",
          ),
        ]
      : []),
  ];
}

export function validateDefinitionStatus({ status }: CustomResourceDefinition): readonly FieldError[] {
  return validateNames(status.acceptedNames, "status.acceptedNames");
}

function validateSpec({ spec }: CustomResourceDefinition, current: CustomResourceDefinition | undefined): FieldError[] {
  const form = internalFormOf(spec);
  const unchanged = unchangedVersions(spec, current?.spec);
  const hasStatus = (spec.versions ?? []).some(({ subresources }) => subresources?.status !== undefined);
  return [
    ...groupErrors(spec.group),
    ...scopeErrors(spec.scope),
    ...missingSchemas(spec, form),
    ...versionErrors({ spec, form, unchanged, current }),
    ...versionListErrors(spec, form),
    ...missingNames(spec),
    ...validateNames(spec.names, "spec.names"),
    ...partErrors(form.common, {
      field: "spec",
      schemaField: "spec.validation",
      hasStatus,
      isUnchanged: unchanged.has(spec.versions?.[0]?.name ?? ""),
      hadFields: current && internalFormOf(current.spec).common.selectableFields,
    }),
    ...validateConversion(spec.conversion, "spec.conversion", checksAuthority(current)),
  ];
}

function groupErrors(group: string): FieldError[] {
  if (group === "") return [required("spec.group")];
  const problems = dnsSubdomain(group);
  if (problems.length > 0) return [invalid("spec.group", group, problems.join(","))];
  return group.includes(".") ? [] : [invalid("spec.group", group, "should be a domain with at least one dot")];
}

function scopeErrors(scope: string): FieldError[] {
  if (scope === "") return [required("spec.scope")];
  const scopes = ["Cluster", "Namespaced"];
  return scopes.includes(scope) ? [] : [notSupported("spec.scope", scope, scopes)];
}

function missingSchemas({ versions }: CustomResourceDefinitionSpec, { common }: InternalForm): FieldError[] {
  if (common.schema !== undefined) return [];
  return (versions ?? []).flatMap(({ schema }, index) =>
    schema?.openAPIV3Schema === undefined ? [required(`spec.versions[${index}].schema.openAPIV3Schema`)] : [],
  );
}

interface VersionsSource {
  readonly spec: CustomResourceDefinitionSpec;
  readonly form: InternalForm;
  readonly unchanged: ReadonlySet<string>;
  readonly current: CustomResourceDefinition | undefined;
}

function versionErrors({ spec, form, unchanged, current }: VersionsSource): FieldError[] {
  const before = current && internalFormOf(current.spec);
  return (spec.versions ?? []).flatMap((version, index) => {
    const field = `spec.versions[${index}]`;
    const parts = form.versions[index];
    const problems = dns1035Label(version.name);
    const old = current?.spec.versions?.findIndex(({ name }) => name === version.name) ?? -1;
    return [
      ...(problems.length > 0 ? [invalid(`${field}.name`, version.name, problems.join(","))] : []),
      ...validateDeprecation(version.deprecated === true, version.deprecationWarning, `${field}.deprecationWarning`),
      ...(parts
        ? partErrors(parts, {
            field,
            schemaField: `${field}.schema`,
            hasStatus: version.subresources?.status !== undefined,
            isUnchanged: unchanged.has(version.name),
            hadFields: before?.versions[old]?.selectableFields,
          })
        : []),
    ];
  });
}

interface PartPlace {
  readonly field: string;
  readonly schemaField: string;
  readonly hasStatus: boolean;
  readonly isUnchanged: boolean;
  readonly hadFields: VersionParts["selectableFields"] | undefined;
}

function partErrors(parts: VersionParts, place: PartPlace): FieldError[] {
  const { field, schemaField } = place;
  const { schema, subresources, columns, selectableFields } = parts;
  const errors: FieldError[] = [];
  if (schema) errors.push(...validateRootSchema(schema, schemaField, place));
  errors.push(...validateSubresources(subresources, `${field}.subresources`));
  for (const [index, column] of columns.entries())
    errors.push(...validateColumn(column, `${field}.additionalPrinterColumns[${index}]`));
  if (selectableFields.length === 0) return errors;
  const at = `${field}.selectableFields`;
  if (schema === undefined) {
    const detail =
      field === "spec"
        ? "may only be set when validations.schema is included"
        : "may only be set when `version.schema.openAPIV3Schema` is not included";
    return [...errors, invalid(at, "", detail)];
  }
  const mayBeMany = equalJson(place.hadFields ?? [], selectableFields);
  return [...errors, ...validateSelectableFields({ fields: selectableFields, schema, field: at, mayBeMany })];
}

function versionListErrors({ versions }: CustomResourceDefinitionSpec, form: InternalForm): FieldError[] {
  const all = versions ?? [];
  const field = "spec.versions";
  const errors: FieldError[] = [];
  if (new Set(all.map(({ name }) => name)).size < all.length)
    errors.push(invalid(field, shownVersions(versions, form), "must contain unique version names"));
  if (all.filter(({ storage }) => storage).length !== 1)
    errors.push(
      invalid(field, shownVersions(versions, form), "must have exactly one version marked as storage version"),
    );
  const [first] = all;
  const problems = first === undefined || first.name === "" ? [] : dns1035Label(first.name);
  if (first && problems.length > 0) errors.push(invalid("spec.version", first.name, problems.join(",")));
  return errors;
}

function missingNames({ names }: CustomResourceDefinitionSpec): FieldError[] {
  return (["plural", "singular", "kind", "listKind"] as const)
    .filter((name) => (names[name] ?? "") === "")
    .map((name) => required(`spec.names.${name}`));
}

function immutableErrors(spec: CustomResourceDefinitionSpec, current: CustomResourceDefinition): FieldError[] {
  const before = current.spec;
  const isFixed = isConditionTrue(current, "Established");
  const pairs: readonly (readonly [string, string, string])[] = [
    ...(isFixed
      ? ([
          ["spec.scope", spec.scope, before.scope],
          ["spec.names.kind", spec.names.kind, before.names.kind],
        ] as const)
      : []),
    ["spec.group", spec.group, before.group],
    ["spec.names.plural", spec.names.plural, before.names.plural],
  ];
  return pairs.flatMap(([field, value, old]) => (value === old ? [] : [invalid(field, value, IMMUTABLE)]));
}

/** A wrong authority may stay, and may come until somebody relies on it. */
function checksAuthority(current: CustomResourceDefinition | undefined): boolean {
  if (current === undefined || !isConditionTrue(current, "Established")) return false;
  const authority = current.spec.conversion?.webhook?.clientConfig?.caBundle ?? "";
  return authority === "" || isAuthority(authority);
}

function unchangedVersions(
  spec: CustomResourceDefinitionSpec,
  before: CustomResourceDefinitionSpec | undefined,
): ReadonlySet<string> {
  const old = new Map((before?.versions ?? []).map(({ name, schema }) => [name, schema]));
  const same = (spec.versions ?? []).filter(
    ({ name, schema }) => old.has(name) && equalJson(schema ?? null, old.get(name) ?? null),
  );
  return new Set(same.map(({ name }) => name));
}

function storedVersionErrors({ spec, status }: CustomResourceDefinition): FieldError[] {
  const stored = status.storedVersions ?? [];
  const field = "status.storedVersions";
  if (stored.length === 0) return [invalid(field, null, "must have at least one stored version")];
  const names = new Set((spec.versions ?? []).map(({ name }) => name));
  const errors = (spec.versions ?? [])
    .filter(({ name, storage }) => storage && !stored.includes(name))
    .map(({ name }) => invalid(field, stored, `must have the storage version ${name}`));
  for (const [index, name] of stored.entries()) {
    if (names.has(name)) continue;
    const detail = `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`;
    errors.push(invalid(`${field}[${index}]`, name, detail));
  }
  return errors;
}
