import { equalJson } from "../../object/json-value.ts";
import type { FieldError } from "../../object/field-error.ts";
import type { ManagedFieldsEntry, ObjectMeta, OwnerReference } from "../../object/kube-object.ts";
import { forbidden, invalid, required, tooLong } from "./errors.ts";
import { IMMUTABLE } from "./immutable.ts";
import { faultyEntries, validateLabels } from "./labels.ts";
import { byteLength, isLonger, labelName, qualifiedName, UNIT_BYTES_MAX } from "./names.ts";
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
    for (const message of nameRule(generateName, true))
      errors.push(invalid(`${field}.generateName`, generateName, message));
  if (name === "") errors.push(required(`${field}.name`, "name or generateName is required"));
  else for (const message of nameRule(name)) errors.push(invalid(`${field}.name`, name, message));
  if (isNamespaced) {
    if (namespace === "") errors.push(required(`${field}.namespace`));
    else for (const message of labelName(namespace)) errors.push(invalid(`${field}.namespace`, namespace, message));
  } else if (namespace !== "") {
    errors.push(forbidden(`${field}.namespace`, "not allowed on this type"));
  }
  if (generation < 0) errors.push(invalid(`${field}.generation`, generation, "must be greater than or equal to 0"));
  return validateLists(metadata, { field, hasStandardFinalizers }, errors);
}

/** Of new metadata and of changed. */
function validateLists(
  { labels, annotations, ownerReferences, finalizers, managedFields }: ObjectMeta,
  { field, hasStandardFinalizers, looksAtFinalizers = true }: ChangeRules & { readonly field: string },
  errors: FieldError[],
): FieldError[] {
  validateLabels(labels, `${field}.labels`, errors);
  validateAnnotations(annotations, `${field}.annotations`, errors);
  if (ownerReferences) validateOwners(ownerReferences, `${field}.ownerReferences`, errors);
  if (finalizers && looksAtFinalizers) validateFinalizers(finalizers, `${field}.finalizers`, errors);
  if (managedFields) validateManagedFields(managedFields, `${field}.managedFields`, errors);
  if (finalizers && hasStandardFinalizers) validateStandardFinalizers(finalizers, `${field}.finalizers`, errors);
  return errors;
}

const standardFinalizers = new Set(["kubernetes", "orphan", "foregroundDeletion"]);

function validateStandardFinalizers(finalizers: readonly string[], field: string, errors: FieldError[]): void {
  const detail = "name is neither a standard finalizer name nor is it fully qualified";
  for (const [index, name] of finalizers.entries())
    if (!name.includes("/") && !standardFinalizers.has(name)) errors.push(invalid(`${field}[${index}]`, name, detail));
}

const immutableFields = [
  "name",
  "namespace",
  "uid",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
] as const;

interface ChangeRules extends Pick<MetadataRules, "hasStandardFinalizers"> {
  /** Whether their names are looked at, apart from whether they are those of Kubernetes. */
  readonly looksAtFinalizers?: boolean;
}

/** What is wrong with metadata that takes the place of other metadata. */
export function validateMetadataUpdate(
  next: ObjectMeta,
  current: ObjectMeta,
  { hasStandardFinalizers = false, looksAtFinalizers = true }: ChangeRules = {},
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
  return validateLists(next, { field, hasStandardFinalizers, looksAtFinalizers }, errors);
}

export function validateAnnotations(
  annotations: Readonly<Record<string, string>> | undefined,
  field: string,
  errors: FieldError[] = [],
): FieldError[] {
  if (!annotations) return errors;
  for (const [key] of faultyEntries(annotations, hasFineKey))
    for (const message of qualifiedName(key.toLowerCase())) errors.push(invalid(field, key, message));
  if (areTooLong(annotations)) errors.push(tooLong(field, ANNOTATION_BYTES_MAX));
  return errors;
}

function hasFineKey(key: string): boolean {
  return qualifiedName(key.toLowerCase()).length === 0;
}

/** Their bytes are only counted when they are many characters. */
function areTooLong(annotations: Readonly<Record<string, string>>): boolean {
  let units = 0;
  for (const key of Object.keys(annotations)) units += key.length + (annotations[key] ?? "").length;
  if (units * UNIT_BYTES_MAX <= ANNOTATION_BYTES_MAX) return false;
  let bytes = 0;
  for (const [key, value] of Object.entries(annotations)) bytes += byteLength(key) + byteLength(value);
  return bytes > ANNOTATION_BYTES_MAX;
}

function validateOwners(owners: readonly OwnerReference[], field: string, errors: FieldError[]): void {
  let controller: string | undefined;
  for (const owner of owners) {
    validateOwner(owner, field, errors);
    if (!owner.controller) continue;
    const name = `${owner.kind}/${owner.name}`;
    if (controller === undefined) controller = name;
    else {
      const detail = `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${name}`;
      errors.push(invalid(field, owners, detail));
    }
  }
}

function validateOwner(owner: OwnerReference, field: string, errors: FieldError[]): void {
  const parts = owner.apiVersion.split("/");
  const isVersion = parts.length <= 2 && (parts.at(-1) ?? "") !== "";
  if (!isVersion) errors.push(invalid(`${field}.apiVersion`, owner.apiVersion, "version must not be empty"));
  for (const name of ["kind", "name", "uid"] as const)
    if (owner[name] === "") errors.push(invalid(`${field}.${name}`, "", "must not be empty"));
  if (owner.apiVersion === "v1" && owner.kind === "Event")
    errors.push(invalid(field, owner, "/v1, Kind=Event is disallowed from being an owner"));
}

function validateFinalizers(finalizers: readonly string[], field: string, errors: FieldError[]): void {
  for (const name of finalizers) for (const message of qualifiedName(name)) errors.push(invalid(field, name, message));
  if (finalizers.includes("orphan") && finalizers.includes("foregroundDeletion"))
    errors.push(invalid(field, finalizers, "finalizer orphan and foregroundDeletion cannot be both set"));
}

function validateManagedFields(entries: readonly ManagedFieldsEntry[], field: string, errors: FieldError[]): void {
  for (const [index, entry] of entries.entries()) {
    const { fieldsType = "", manager = "", subresource = "" } = entry;
    const operation: string = entry.operation ?? "";
    const place = `${field}[${index}]`;
    if (operation !== "Apply" && operation !== "Update")
      errors.push(invalid(`${place}.operation`, operation, "must be `Apply` or `Update`"));
    if (fieldsType !== "" && fieldsType !== "FieldsV1")
      errors.push(invalid(`${place}.fieldsType`, fieldsType, "must be `FieldsV1`"));
    if (isLonger(String(manager), MANAGER_BYTES_MAX)) errors.push(tooLong(`${place}.manager`, MANAGER_BYTES_MAX));
    if (isLonger(String(subresource), SUBRESOURCE_BYTES_MAX))
      errors.push(tooLong(`${place}.subresource`, SUBRESOURCE_BYTES_MAX));
  }
}
