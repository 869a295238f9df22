import { equalJson } from "../../object/json-value.ts";
import type { FieldError } from "../../object/field-error.ts";
import type { ManagedFieldsEntry, ObjectMeta, OwnerReference } from "../../object/kube-object.ts";
import { eachInvalid, forbidden, invalid, required, tooLong } from "./errors.ts";
import { IMMUTABLE } from "./immutable.ts";
import { sortedEntries, validateLabels } from "./labels.ts";
import { byteLength, labelName, qualifiedName } from "./names.ts";
import type { NameRule } from "./names.ts";

const ANNOTATION_BYTES_MAX = 256 * 1024;
const MANAGER_BYTES_MAX = 128;
const SUBRESOURCE_BYTES_MAX = 256;

export interface MetadataRules {
  readonly isNamespaced: boolean;
  readonly nameRule: NameRule;
  readonly field?: string;
  /** Finalizers without a domain must be those that Kubernetes itself has. Most kinds ask for that. */
  readonly hasStandardFinalizers?: boolean;
}

/** What is wrong with the metadata of a new object, whose name was already generated. */
export function validateMetadata(metadata: ObjectMeta, rules: MetadataRules): FieldError[] {
  const { nameRule, isNamespaced, field = "metadata", hasStandardFinalizers = true } = rules;
  const { name = "", generateName = "", namespace = "", generation = 0 } = metadata;
  const errors: FieldError[] = [];
  if (generateName !== "")
    errors.push(...eachInvalid(`${field}.generateName`, generateName, nameRule(generateName, true)));
  if (name === "") errors.push(required(`${field}.name`, "name or generateName is required"));
  else errors.push(...eachInvalid(`${field}.name`, name, nameRule(name)));
  if (isNamespaced) {
    if (namespace === "") errors.push(required(`${field}.namespace`));
    else errors.push(...eachInvalid(`${field}.namespace`, namespace, labelName(namespace)));
  } else if (namespace !== "") {
    errors.push(forbidden(`${field}.namespace`, "not allowed on this type"));
  }
  if (generation < 0) errors.push(invalid(`${field}.generation`, generation, "must be greater than or equal to 0"));
  return [
    ...errors,
    ...validateLabels(metadata.labels, `${field}.labels`),
    ...validateAnnotations(metadata.annotations, `${field}.annotations`),
    ...validateOwners(metadata.ownerReferences ?? [], `${field}.ownerReferences`),
    ...validateFinalizers(metadata.finalizers ?? [], `${field}.finalizers`),
    ...validateManagedFields(metadata.managedFields ?? [], `${field}.managedFields`),
    ...(hasStandardFinalizers ? validateStandardFinalizers(metadata.finalizers ?? [], `${field}.finalizers`) : []),
  ];
}

const standardFinalizers = new Set(["kubernetes", "orphan", "foregroundDeletion"]);

function validateStandardFinalizers(finalizers: readonly string[], field: string): FieldError[] {
  const detail = "name is neither a standard finalizer name nor is it fully qualified";
  return finalizers.flatMap((name, index) =>
    name.includes("/") || standardFinalizers.has(name) ? [] : [invalid(`${field}[${index}]`, name, detail)],
  );
}

const immutableFields = [
  "name",
  "namespace",
  "uid",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
] as const;

/** What is wrong with metadata that takes the place of other metadata. */
export function validateMetadataUpdate(
  next: ObjectMeta,
  current: ObjectMeta,
  { hasStandardFinalizers = false }: Pick<MetadataRules, "hasStandardFinalizers"> = {},
): FieldError[] {
  const field = "metadata";
  const errors: FieldError[] = [];
  if (current.deletionTimestamp !== undefined) {
    const known = new Set(current.finalizers);
    const added = (next.finalizers ?? []).filter((name) => !known.has(name)).toSorted();
    if (added.length > 0) {
      const list = `[]string{${added.map((name) => JSON.stringify(name)).join(", ")}}`;
      errors.push(
        forbidden(
          `${field}.finalizers`,
          `no new finalizers can be added if the object is being deleted, found new finalizers ${list}`,
        ),
      );
    }
  }
  if ((next.resourceVersion ?? "") === "")
    errors.push(invalid(`${field}.resourceVersion`, "", "must be specified for an update"));
  if ((next.generation ?? 0) < (current.generation ?? 0))
    errors.push(invalid(`${field}.generation`, next.generation ?? 0, "must not be decremented"));
  for (const name of immutableFields) {
    if (!equalJson(next[name], current[name])) {
      const isNullable = name.startsWith("deletion") || name === "creationTimestamp";
      errors.push(invalid(`${field}.${name}`, next[name] ?? (isNullable ? null : ""), IMMUTABLE));
    }
  }
  return [
    ...errors,
    ...validateLabels(next.labels, `${field}.labels`),
    ...validateAnnotations(next.annotations, `${field}.annotations`),
    ...validateOwners(next.ownerReferences ?? [], `${field}.ownerReferences`),
    ...validateFinalizers(next.finalizers ?? [], `${field}.finalizers`),
    ...validateManagedFields(next.managedFields ?? [], `${field}.managedFields`),
    ...(hasStandardFinalizers ? validateStandardFinalizers(next.finalizers ?? [], `${field}.finalizers`) : []),
  ];
}

export function validateAnnotations(
  annotations: Readonly<Record<string, string>> | undefined,
  field: string,
): FieldError[] {
  const errors: FieldError[] = [];
  let bytes = 0;
  for (const [key, value] of sortedEntries(annotations)) {
    errors.push(...eachInvalid(field, key, qualifiedName(key.toLowerCase())));
    bytes += byteLength(key) + byteLength(value);
  }
  return bytes > ANNOTATION_BYTES_MAX ? [...errors, tooLong(field, ANNOTATION_BYTES_MAX)] : errors;
}

function validateOwners(owners: readonly OwnerReference[], field: string): FieldError[] {
  const errors: FieldError[] = [];
  let controller: string | undefined;
  for (const owner of owners) {
    errors.push(...validateOwner(owner, field));
    if (!owner.controller) continue;
    const name = `${owner.kind}/${owner.name}`;
    if (controller === undefined) controller = name;
    else {
      const detail = `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${name}`;
      errors.push(invalid(field, owners, detail));
    }
  }
  return errors;
}

function validateOwner(owner: OwnerReference, field: string): FieldError[] {
  const errors: FieldError[] = [];
  const parts = owner.apiVersion.split("/");
  const isVersion = parts.length <= 2 && (parts.at(-1) ?? "") !== "";
  if (!isVersion) errors.push(invalid(`${field}.apiVersion`, owner.apiVersion, "version must not be empty"));
  for (const name of ["kind", "name", "uid"] as const)
    if (owner[name] === "") errors.push(invalid(`${field}.${name}`, "", "must not be empty"));
  if (owner.apiVersion === "v1" && owner.kind === "Event")
    errors.push(invalid(field, owner, "/v1, Kind=Event is disallowed from being an owner"));
  return errors;
}

export function validateFinalizers(finalizers: readonly string[], field: string): FieldError[] {
  const errors = finalizers.flatMap((name) => eachInvalid(field, name, qualifiedName(name)));
  if (finalizers.includes("orphan") && finalizers.includes("foregroundDeletion"))
    errors.push(invalid(field, finalizers, "finalizer orphan and foregroundDeletion cannot be both set"));
  return errors;
}

function validateManagedFields(entries: readonly ManagedFieldsEntry[], field: string): FieldError[] {
  return entries.flatMap((entry, index) => {
    const place = `${field}[${index}]`;
    const errors: FieldError[] = [];
    const {
      operation = "",
      fieldsType = "",
      manager = "",
      subresource = "",
    }: Partial<Record<string, unknown>> = {
      ...entry,
    };
    if (operation !== "Apply" && operation !== "Update")
      errors.push(invalid(`${place}.operation`, operation, "must be `Apply` or `Update`"));
    if (fieldsType !== "" && fieldsType !== "FieldsV1")
      errors.push(invalid(`${place}.fieldsType`, fieldsType, "must be `FieldsV1`"));
    if (byteLength(String(manager)) > MANAGER_BYTES_MAX) errors.push(tooLong(`${place}.manager`, MANAGER_BYTES_MAX));
    if (byteLength(String(subresource)) > SUBRESOURCE_BYTES_MAX)
      errors.push(tooLong(`${place}.subresource`, SUBRESOURCE_BYTES_MAX));
    return errors;
  });
}
