import { compareQuantities } from "../../object/quantity.ts";
import type { FieldError } from "../../object/field-error.ts";
import { equalJson } from "../../object/json-value.ts";
import type {
  CSIPersistentVolumeSource,
  VolumeNodeAffinity,
  PersistentVolume,
  PersistentVolumeSpec,
} from "../../schema/data/types/core-v1.ts";
import { validateNodeTerm } from "../pod-spec/validate-scheduling.ts";
import { validateHostPath } from "../pod-spec/validate-volumes.ts";
import { eachInvalid, forbidden, invalid, notSupported, required, tooLong } from "../validation/errors.ts";
import { immutable } from "../validation/immutable.ts";
import { sortedMap } from "../validation/internal-form.ts";
import { sortedEntries } from "../validation/labels.ts";
import { dnsLabel, dnsSubdomain } from "../validation/names.ts";
import { POSITIVE } from "../validation/numbers.ts";
import { validateNoBacksteps } from "../validation/paths.ts";
import { structDifference } from "../validation/spec-difference.ts";
import { className, validateAccessModes, volumeModes } from "./validate.ts";

const DRIVER_BYTES_MAX = 63;
const policies = ["Delete", "Recycle", "Retain"];
const sources = [
  "hostPath",
  "gcePersistentDisk",
  "awsElasticBlockStore",
  "glusterfs",
  "flocker",
  "nfs",
  "rbd",
  "quobyte",
  "cephfs",
  "iscsi",
  "cinder",
  "fc",
  "flexVolume",
  "azureFile",
  "vsphereVolume",
  "photonPersistentDisk",
  "portworxVolume",
  "azureDisk",
  "scaleIO",
  "local",
  "storageos",
  "csi",
] as const;

export function validateVolume({ spec }: PersistentVolume): FieldError[] {
  return validateVolumeSpec(spec, "spec", false);
}

const ONLY_OUTSIDE = "may not be specified in the context of inline volumes";

/** Of a volume, or of one that only an attachment knows. */
export function validateVolumeSpec(spec: PersistentVolumeSpec, field: string, isInline: boolean): FieldError[] {
  const errors = isInline ? validateInline(spec, field) : [];
  const modes = spec.accessModes ?? [];
  if (modes.length === 0) errors.push(required(`${field}.accessModes`));
  errors.push(...validateAccessModes(modes, `${field}.accessModes`));
  if (!isInline) errors.push(...validateCapacity(spec.capacity));
  const policy = spec.persistentVolumeReclaimPolicy ?? "";
  const place = `${field}.persistentVolumeReclaimPolicy`;
  if (policy !== "" && isInline && policy !== "Retain")
    errors.push(forbidden(place, "may only be Retain in the context of inline volumes"));
  if (policy !== "" && !isInline && !policies.includes(policy)) errors.push(notSupported(place, policy, policies));
  if (spec.nodeAffinity && isInline) errors.push(forbidden(`${field}.nodeAffinity`, ONLY_OUTSIDE));
  else if (spec.nodeAffinity) errors.push(...validateAffinity(spec.nodeAffinity));
  return [...errors, ...validateSource(spec, field), ...validateRest(spec, field, isInline)];
}

function validateInline(spec: PersistentVolumeSpec, field: string): FieldError[] {
  const errors: FieldError[] = [];
  if (spec.claimRef) errors.push(forbidden(`${field}.claimRef`, ONLY_OUTSIDE));
  if (Object.keys(spec.capacity ?? {}).length > 0) errors.push(forbidden(`${field}.capacity`, ONLY_OUTSIDE));
  if (!spec.csi) errors.push(required(`${field}.csi`, "has to be specified in the context of inline volumes"));
  return errors;
}

function validateAffinity({ required: wanted }: VolumeNodeAffinity): FieldError[] {
  const place = "spec.nodeAffinity.required";
  const terms = wanted?.nodeSelectorTerms ?? [];
  const errors: FieldError[] = [];
  if (!wanted) errors.push(required(place, "must specify required node constraints"));
  else if (terms.length === 0)
    errors.push(required(`${place}.nodeSelectorTerms`, "must have at least one node selector term"));
  for (const [index, term] of terms.entries())
    errors.push(...validateNodeTerm(term, `${place}.nodeSelectorTerms[${index}]`));
  return errors;
}

function validateCapacity(given: Readonly<Record<string, string>> | undefined): FieldError[] {
  const capacity = given ?? {};
  const errors: FieldError[] = [];
  const entries = sortedEntries(capacity);
  if (entries.length === 0) errors.push(required("spec.capacity"));
  if (capacity["storage"] === undefined || entries.length > 1)
    errors.push(notSupported("spec.capacity", sortedMap(given ?? {}), ["storage"]));
  for (const [name, amount] of entries) {
    const place = `spec.capacity[${name}]`;
    if (compareQuantities(amount, "0") < 0)
      errors.push(invalid(place, Number.parseInt(amount, 10), "must be a valid resource quantity"));
    if (compareQuantities(amount, "0") <= 0) errors.push(invalid(place, amount, POSITIVE));
  }
  return errors;
}

function validateSource(spec: PersistentVolumeSpec, field: string): FieldError[] {
  const given = sources.filter((source) => spec[source]);
  if (given.length === 0) return [required(field, "must specify a volume type")];
  return given.flatMap((source, index) => {
    const place = `${field}.${source}`;
    if (index > 0) return [forbidden(place, "may not specify more than 1 volume type")];
    if (spec.hostPath) return validateHostPath(spec.hostPath.path, spec.hostPath.type, place);
    if (spec.nfs) {
      const { server, path } = spec.nfs;
      const errors = [
        ...(server === "" ? [required(`${place}.server`)] : []),
        ...(path === "" ? [required(`${place}.path`)] : []),
      ];
      return path.startsWith("/") ? errors : [...errors, invalid(`${place}.path`, path, "must be an absolute path")];
    }
    if (spec.local) {
      const errors =
        spec.local.path === "" ? [required(`${place}.path`)] : validateNoBacksteps(spec.local.path, `${place}.path`);
      return spec.nodeAffinity
        ? errors
        : [...errors, required(`${field}.nodeAffinity`, "Local volume requires node affinity")];
    }
    return spec.csi ? validateCsi(spec.csi, place) : [];
  });
}

const secretFields = [
  "controllerPublishSecretRef",
  "controllerExpandSecretRef",
  "nodePublishSecretRef",
  "nodeExpandSecretRef",
] as const;

function validateCsi(csi: CSIPersistentVolumeSource, field: string): FieldError[] {
  const errors = validateDriverName(csi.driver, `${field}.driver`);
  if (csi.volumeHandle === "") errors.push(required(`${field}.volumeHandle`));
  for (const name of secretFields) {
    const secret = csi[name];
    if (!secret) continue;
    const place = `${field}.${name}`;
    if (secret.name) errors.push(...eachInvalid(`${place}.name`, secret.name, dnsSubdomain(secret.name)));
    else errors.push(required(`${place}.name`));
    if (secret.namespace)
      errors.push(...eachInvalid(`${place}.namespace`, secret.namespace, dnsLabel(secret.namespace)));
    else errors.push(required(`${place}.namespace`));
  }
  return errors;
}

/** The name by which a storage driver is known. */
export function validateDriverName(name: string, field: string): FieldError[] {
  if (name === "") return [required(field)];
  const errors = Buffer.byteLength(name) > DRIVER_BYTES_MAX ? [tooLong(field, DRIVER_BYTES_MAX)] : [];
  return [...errors, ...eachInvalid(field, name, dnsSubdomain(name.toLowerCase()))];
}

function validateRest(spec: PersistentVolumeSpec, field: string, isInline: boolean): FieldError[] {
  const errors: FieldError[] = [];
  const { storageClassName = "", volumeMode, volumeAttributesClassName: attributes } = spec;
  if (spec.hostPath && /^\/+$/.test(spec.hostPath.path) && spec.persistentVolumeReclaimPolicy === "Recycle") {
    const detail = "may not be 'recycle' for a hostPath mount of '/'";
    errors.push(forbidden(`${field}.persistentVolumeReclaimPolicy`, detail));
  }
  if (!isInline) errors.push(...className(spec.storageClassName, `${field}.storageClassName`));
  else if (storageClassName !== "") errors.push(forbidden(`${field}.storageClassName`, ONLY_OUTSIDE));
  if (volumeMode !== undefined && isInline && volumeMode !== "Filesystem") {
    const detail = "may not specify volumeMode other than Filesystem in the context of inline volumes";
    errors.push(forbidden(`${field}.volumeMode`, detail));
  }
  if (volumeMode !== undefined && !isInline && !volumeModes.includes(volumeMode))
    errors.push(notSupported(`${field}.volumeMode`, volumeMode, volumeModes));
  if (attributes === undefined) return errors;
  const place = `${field}.volumeAttributesClassName`;
  if (attributes === "") errors.push(required(place, "an empty string is disallowed"));
  else errors.push(...className(attributes, place));
  if (!spec.csi) errors.push(required(`${field}.csi`, "has to be specified when using volumeAttributesClassName"));
  return errors;
}

export function validateVolumeUpdate(next: PersistentVolume, current: PersistentVolume): FieldError[] {
  const errors = validateVolume(next);
  const sourceOf = ({ spec }: PersistentVolume): Readonly<Record<string, unknown>> =>
    Object.fromEntries(sources.filter((source) => spec[source]).map((source) => [source, spec[source]]));
  const [source, before] = [structuredClone(next), structuredClone(current)];
  if (source.spec.csi && before.spec.csi && !before.spec.csi.controllerExpandSecretRef)
    delete source.spec.csi.controllerExpandSecretRef;
  if (!equalJson(sourceOf(source), sourceOf(before))) {
    const what = "spec.persistentvolumesource is immutable after creation";
    errors.push(
      forbidden(
        "spec.persistentvolumesource",
        `${what}\n${structDifference("PersistentVolumeSource", sourceOf(before), sourceOf(source))}`,
      ),
    );
  }
  errors.push(...immutable(next.spec.volumeMode, current.spec.volumeMode, "volumeMode"));
  if (current.spec.nodeAffinity && !equalJson(next.spec.nodeAffinity, current.spec.nodeAffinity)) {
    const detail = "field is immutable, except for updating from beta label to GA";
    errors.push(invalid("nodeAffinity", next.spec.nodeAffinity ?? null, detail));
  }
  if (current.spec.volumeAttributesClassName !== undefined && next.spec.volumeAttributesClassName === undefined)
    errors.push(forbidden("spec.volumeAttributesClassName", "update from non-nil value to nil is forbidden"));
  return errors;
}
