import { compareQuantities } from "../../object/quantity.ts";
import type { FieldError } from "../../object/field-error.ts";
import { equalJson } from "../../object/json-value.ts";
import type { PersistentVolumeClaim, PersistentVolumeClaimSpec } from "../../schema/data/types/core-v1.ts";
import { eachInvalid, forbidden, invalid, notSupported, required } from "../validation/errors.ts";
import { immutable } from "../validation/immutable.ts";
import { validateLabelSelector } from "../validation/labels.ts";
import { dnsLabel, dnsSubdomain } from "../validation/names.ts";
import { POSITIVE } from "../validation/numbers.ts";
import { structDifference } from "../validation/spec-difference.ts";
import { CLASS_ANNOTATION } from "./storage-class.ts";

const accessModes = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];
export const volumeModes = ["Block", "Filesystem"];

export function validateClaim({ spec }: PersistentVolumeClaim): FieldError[] {
  return validateClaimSpec(spec, "spec");
}

/** Of a claim, and of a template of one. */
export function validateClaimSpec(spec: PersistentVolumeClaimSpec, field: string): FieldError[] {
  const modes = spec.accessModes ?? [];
  const errors: FieldError[] = [];
  if (modes.length === 0) errors.push(required(`${field}.accessModes`, "at least 1 access mode is required"));
  errors.push(...validateLabelSelector(spec.selector, `${field}.selector`));
  errors.push(...validateAccessModes(modes, `${field}.accessModes`));
  const size = spec.resources.requests?.["storage"];
  if (size === undefined) errors.push(required(`${field}.resources[storage]`));
  else if (compareQuantities(size, "0") <= 0) errors.push(invalid(`${field}.resources[storage]`, size, POSITIVE));
  errors.push(...className(spec.storageClassName, `${field}.storageClassName`));
  if (spec.volumeMode !== undefined && !volumeModes.includes(spec.volumeMode))
    errors.push(notSupported(`${field}.volumeMode`, spec.volumeMode, volumeModes));
  errors.push(...validateSources(spec, field));
  return [...errors, ...className(spec.volumeAttributesClassName, `${field}.volumeAttributesClassName`)];
}

export function validateAccessModes(modes: readonly string[], field: string): FieldError[] {
  const errors = modes
    .filter((mode) => !accessModes.includes(mode))
    .map((mode) => notSupported(field, mode, accessModes));
  const others = modes.filter((mode) => mode !== "ReadWriteOncePod" && accessModes.includes(mode));
  if (modes.includes("ReadWriteOncePod") && others.length > 0)
    errors.push(forbidden(field, "may not use ReadWriteOncePod with other access modes"));
  return errors;
}

export function className(name: string | undefined, field: string): FieldError[] {
  return name ? eachInvalid(field, name, dnsSubdomain(name)) : [];
}

interface Source {
  readonly apiGroup?: string | null;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

function validateSources({ dataSource, dataSourceRef }: PersistentVolumeClaimSpec, field: string): FieldError[] {
  const errors = [
    ...(dataSource ? validateSource(dataSource, `${field}.dataSource`) : []),
    ...(dataSourceRef ? validateSource(dataSourceRef, `${field}.dataSourceRef`) : []),
  ];
  if (!dataSource || !dataSourceRef) return errors;
  const { namespace, ...rest } = dataSourceRef;
  // The value in the message is a path of Go's, which is shown without anything that it holds.
  if (namespace) errors.push(invalid(field, {}, "may not be specified when dataSourceRef.namespace is specified"));
  else if (!equalJson(dataSource, rest)) errors.push(invalid(field, {}, "must match dataSourceRef"));
  return errors;
}

function validateSource({ apiGroup: group, kind, name, namespace = "" }: Source, field: string): FieldError[] {
  const apiGroup = group ?? "";
  const errors: FieldError[] = [];
  if (name === "") errors.push(required(`${field}.name`));
  if (kind === "") errors.push(required(`${field}.kind`));
  if (apiGroup === "" && kind !== "PersistentVolumeClaim")
    errors.push(invalid(field, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup"));
  if (apiGroup !== "") errors.push(...eachInvalid(`${field}.apiGroup`, apiGroup, dnsSubdomain(apiGroup)));
  if (namespace !== "") errors.push(...eachInvalid(`${field}.namespace`, namespace, dnsLabel(namespace)));
  return errors;
}

export function validateClaimUpdate(next: PersistentVolumeClaim, current: PersistentVolumeClaim): FieldError[] {
  const errors = [...validateClaim(next), ...validateFixed(next, current)];
  const [size = "0", before = "0"] = [next, current].map(({ spec }) => spec.resources.requests?.["storage"]);
  if (compareQuantities(size, before) < 0 && compareQuantities(size, current.status.capacity?.["storage"] ?? "0") <= 0)
    errors.push(forbidden("spec.resources.requests.storage", "field can not be less than status.capacity"));
  errors.push(...immutable(next.spec.volumeMode, current.spec.volumeMode, "volumeMode"));
  const name = next.spec.volumeAttributesClassName;
  if (
    name !== current.spec.volumeAttributesClassName &&
    current.status.currentVolumeAttributesClassName !== undefined
  ) {
    const what = name === undefined ? "nil" : name === "" ? "empty string" : undefined;
    const detail = `update to ${what} is forbidden when status.currentVolumeAttributesClassName is not nil`;
    if (what !== undefined) errors.push(forbidden("spec.volumeAttributesClassName", detail));
  }
  return errors;
}

/** Most of a claim is fixed, so that nobody gets around quotas by changing it. */
function validateFixed(next: PersistentVolumeClaim, current: PersistentVolumeClaim): FieldError[] {
  const errors: FieldError[] = [];
  const kept = structuredClone(next.spec);
  const before = structuredClone(current.spec);
  if (!before.volumeName && kept.volumeName) before.volumeName = kept.volumeName;
  const [annotated, nextAnnotated] = [current, next].map(({ metadata }) => metadata.annotations?.[CLASS_ANNOTATION]);
  const isNamed = kept.storageClassName !== undefined && before.storageClassName === undefined;
  if (isNamed && annotated === kept.storageClassName && (nextAnnotated ?? annotated) === annotated)
    delete kept.storageClassName;
  else {
    errors.push(...immutable(nextAnnotated ?? "", annotated ?? "", `metadata.annotations[${CLASS_ANNOTATION}]`));
    if (isNamed && (annotated ?? kept.storageClassName) === kept.storageClassName) delete kept.storageClassName;
  }
  if (next.status.phase === "Bound") {
    const size = before.resources.requests?.["storage"];
    if (kept.resources.requests && size !== undefined) kept.resources.requests["storage"] = size;
    if (before.volumeAttributesClassName === undefined) delete kept.volumeAttributesClassName;
    else kept.volumeAttributesClassName = before.volumeAttributesClassName;
  }
  if (!equalJson(kept, before)) {
    const what =
      "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";
    errors.push(forbidden("spec", `${what}\n${structDifference("PersistentVolumeClaimSpec", before, kept)}`));
  }
  return errors;
}

export function validateClaimStatus({ spec }: PersistentVolumeClaim): FieldError[] {
  return (spec.accessModes ?? []).length === 0 ? [required("Spec.accessModes")] : [];
}
