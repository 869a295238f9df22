import { compareQuantities } from "../../object/quantity.ts";
import type { FieldError } from "../../object/field-error.ts";
import type { PersistentVolumeClaimSpec } from "../../schema/data/types/core-v1.ts";
import { eachInvalid, forbidden, invalid, notSupported, required } from "../validation/errors.ts";
import { validateLabelSelector } from "../validation/labels.ts";
import { dnsSubdomain } from "../validation/names.ts";
import { POSITIVE } from "../validation/numbers.ts";

export const accessModes = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];
export const volumeModes = ["Block", "Filesystem"];

/** Of a claim, and of a template of one. */
export function validateClaimSpec(spec: PersistentVolumeClaimSpec, field: string): FieldError[] {
  const modes = spec.accessModes ?? [];
  const errors: FieldError[] = [];
  if (modes.length === 0) errors.push(required(`${field}.accessModes`, "at least 1 access mode is required"));
  errors.push(...validateLabelSelector(spec.selector, `${field}.selector`));
  for (const mode of modes)
    if (!accessModes.includes(mode)) errors.push(notSupported(`${field}.accessModes`, mode, accessModes));
  if (modes.includes("ReadWriteOncePod") && modes.length > 1)
    errors.push(forbidden(`${field}.accessModes`, "may not use ReadWriteOncePod with other access modes"));
  const size = spec.resources.requests?.["storage"];
  if (size === undefined) errors.push(required(`${field}.resources[storage]`));
  else if (compareQuantities(size, "0") <= 0) errors.push(invalid(`${field}.resources[storage]`, size, POSITIVE));
  if (spec.storageClassName)
    errors.push(
      ...eachInvalid(`${field}.storageClassName`, spec.storageClassName, dnsSubdomain(spec.storageClassName)),
    );
  if (spec.volumeMode !== undefined && !volumeModes.includes(spec.volumeMode))
    errors.push(notSupported(`${field}.volumeMode`, spec.volumeMode, volumeModes));
  return errors;
}
