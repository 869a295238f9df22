import { compareQuantities } from "../../object/quantity.ts";
import type { FieldError } from "../../object/field-error.ts";
import { equalJson } from "../../object/json-value.ts";
import type {
  CSIDriver,
  CSINode,
  CSINodeDriver,
  CSIStorageCapacity,
  StorageClass,
  VolumeAttachment,
  VolumeAttributesClass,
} from "../../schema/data/types/storage-v1.ts";
import { validateDriverName, validateVolumeSpec } from "../claim/validate-volume.ts";
import { duplicate, eachInvalid, forbidden, invalid, notSupported, required, tooLong } from "../validation/errors.ts";
import { IMMUTABLE, immutable, immutableStruct } from "../validation/immutable.ts";
import { validateLabelSelector } from "../validation/labels.ts";
import { byteLength, dnsSubdomain, qualifiedName } from "../validation/names.ts";
import { nonNegative, NOT_NEGATIVE } from "../validation/numbers.ts";

const BYTES_MAX = 256 * 1024;
const PARAMETERS_MAX = 512;
const MESSAGE_BYTES_MAX = 1024;
const NODE_ID_MAX = 256;
const UPDATE_SECONDS_MIN = 10;
const TOKEN_SECONDS_MIN = 600;
const TOKEN_SECONDS_MAX = 2 ** 32;
const reclaimPolicies = ["Delete", "Retain"];
const bindingModes = ["Immediate", "WaitForFirstConsumer"];
const lifecycleModes = ["Persistent", "Ephemeral"];
const groupPolicies = ["File", "None", "ReadWriteOnceWithFSType"];

export function validateStorageClass(storageClass: StorageClass): FieldError[] {
  const { provisioner, reclaimPolicy: policy, volumeBindingMode: mode } = storageClass;
  const errors = validateProvisioner(provisioner, "provisioner");
  errors.push(...validateParameters(storageClass.parameters ?? {}, "parameters"));
  if (policy && !reclaimPolicies.includes(policy)) errors.push(notSupported("reclaimPolicy", policy, reclaimPolicies));
  if (mode === undefined) errors.push(required("volumeBindingMode"));
  else if (!bindingModes.includes(mode)) errors.push(notSupported("volumeBindingMode", mode, bindingModes));
  return [...errors, ...validateTopologies(storageClass.allowedTopologies ?? [], "allowedTopologies")];
}

type Topology = NonNullable<StorageClass["allowedTopologies"]>[number];

function validateTopologies(topologies: readonly Topology[], field: string): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Map<string, number>();
  for (const [index, topology] of topologies.entries()) {
    const place = `${field}[${index}].matchLabelExpressions`;
    const term = validateTopology(topology, place, errors);
    const times = seen.get(term) ?? 0;
    // Kubernetes holds a term also against the empty places of a list as long as all: one that asks for nothing is in each of them.
    const equal = times + (term === "[]" ? topologies.length : 0);
    for (let each = 0; each < equal; each += 1) errors.push(duplicate(place, ""));
    seen.set(term, times + 1);
  }
  return errors;
}

/** What is wrong is added to the errors; the answer is the same for all terms that ask for the same. */
function validateTopology({ matchLabelExpressions = [] }: Topology, field: string, errors: FieldError[]): string {
  const term = new Map<string, readonly string[]>();
  for (const [index, { key, values: given }] of matchLabelExpressions.entries()) {
    const place = `${field}[${index}]`;
    const values = given ?? [];
    const own = new Set<string>();
    if (values.length === 0) errors.push(required(`${place}.values`));
    for (const [at, value] of values.entries()) {
      if (own.has(value)) errors.push(duplicate(`${place}.values[${at}]`, value));
      own.add(value);
    }
    errors.push(...eachInvalid(`${place}.key`, key, qualifiedName(key)));
    if (term.has(key)) errors.push(duplicate(`${place}.key`, key));
    term.set(key, [...own].toSorted());
  }
  return JSON.stringify([...term].toSorted(([left], [right]) => (left < right ? -1 : 1)));
}

function validateProvisioner(name: string, field: string): FieldError[] {
  if (name === "") return [required(field)];
  return eachInvalid(field, name.toLowerCase(), qualifiedName(name.toLowerCase()));
}

export function validateStorageClassUpdate(next: StorageClass, current: StorageClass): FieldError[] {
  const errors = (["parameters", "provisioner", "reclaimPolicy"] as const)
    .filter((field) => !equalJson(next[field], current[field]))
    .map((field) => forbidden(field, `updates to ${field} are forbidden.`));
  errors.push(...immutable(next.volumeBindingMode, current.volumeBindingMode, "volumeBindingMode"));
  return errors;
}

function validateParameters(parameters: Readonly<Record<string, string>>, field: string): FieldError[] {
  const entries = Object.entries(parameters);
  if (entries.length > PARAMETERS_MAX) return [tooLong(field, PARAMETERS_MAX)];
  const errors = entries.filter(([key]) => key === "").map(() => invalid(field, "", "field can not be empty."));
  return [...errors, ...validateSize(parameters, field)];
}

function validateSize(map: Readonly<Record<string, string>>, field: string): FieldError[] {
  const bytes = Object.entries(map).reduce((sum, [key, value]) => sum + byteLength(key) + byteLength(value), 0);
  return bytes > BYTES_MAX ? [tooLong(field, BYTES_MAX)] : [];
}

export function validateAttributesClass({ driverName, parameters = {} }: VolumeAttributesClass): FieldError[] {
  const errors = [...validateProvisioner(driverName, "driverName"), ...validateParameters(parameters, "parameters")];
  const isEmpty = Object.keys(parameters).length === 0;
  return isEmpty ? [...errors, required("parameters", "must contain at least one key/value pair")] : errors;
}

export function validateAttributesClassUpdate(
  next: VolumeAttributesClass,
  current: VolumeAttributesClass,
): FieldError[] {
  const errors = (["driverName", "parameters"] as const)
    .filter((field) => !equalJson(next[field], current[field]))
    .map((field) => forbidden(field, `updates to ${field} are forbidden.`));
  return errors;
}

export function validateAttachment({ spec, status }: VolumeAttachment): FieldError[] {
  const { inlineVolumeSpec: inline, persistentVolumeName: name } = spec.source;
  const errors = spec.attacher === "" ? [required("spec.attacher")] : [];
  const detail = "must specify exactly one of inlineVolumeSpec and persistentVolumeName";
  if (!inline && name === undefined) errors.push(required("spec.source", detail));
  else if (inline && name !== undefined) errors.push(forbidden("spec.source", detail));
  else if (name === "")
    errors.push(required("spec.source.persistentVolumeName", "must specify non empty persistentVolumeName"));
  else if (inline) errors.push(...validateVolumeSpec(inline, "spec.source.inlineVolumeSpec", true));
  errors.push(...eachInvalid("spec.nodeName", spec.nodeName, dnsSubdomain(spec.nodeName)));
  errors.push(...validateSize(status.attachmentMetadata ?? {}, "status.attachmentMetadata"));
  for (const field of ["attachError", "detachError"] as const)
    if (byteLength(status[field]?.message ?? "") > MESSAGE_BYTES_MAX)
      errors.push(tooLong(`status.${field}.message`, BYTES_MAX));
  return errors;
}

export function validateNewAttachment(attachment: VolumeAttachment): FieldError[] {
  const { attacher, source } = attachment.spec;
  const name = source.persistentVolumeName;
  return [
    ...validateAttachment(attachment),
    ...validateDriverName(attacher, "spec.attacher"),
    ...(name === undefined ? [] : eachInvalid("spec.source.persistentVolumeName", name, dnsSubdomain(name))),
  ];
}

export function validateAttachmentUpdate(next: VolumeAttachment, current: VolumeAttachment): FieldError[] {
  return [...validateAttachment(next), ...immutableStruct("VolumeAttachmentSpec", next.spec, current.spec, "spec")];
}

export function validateCsiNode({ spec }: CSINode): FieldError[] {
  const names = new Set<string>();
  return (spec.drivers ?? []).flatMap((driver, index) => {
    const place = `spec.drivers[${index}]`;
    const errors = validateNodeDriver(driver, place);
    if (names.has(driver.name)) errors.push(duplicate(`${place}.name`, driver.name));
    names.add(driver.name);
    return [...errors, ...validateTopologyKeys(driver.topologyKeys ?? [], place)];
  });
}

function validateNodeDriver({ name, nodeID, allocatable }: CSINodeDriver, field: string): FieldError[] {
  const errors = validateDriverName(name, `${field}.name`);
  if (nodeID === "") errors.push(required(`${field}.nodeID`));
  if (byteLength(nodeID) > NODE_ID_MAX)
    errors.push(invalid(`${field}.nodeID`, nodeID, `must be ${NODE_ID_MAX} characters or less`));
  return [...errors, ...nonNegative(allocatable?.count, `${field}.allocatable.count`)];
}

function validateTopologyKeys(keys: readonly string[], field: string): FieldError[] {
  const seen = new Set<string>();
  return keys.flatMap((key) => {
    const errors = key === "" ? [required(field)] : [];
    if (seen.has(key)) errors.push(duplicate(field, key));
    seen.add(key);
    return [...errors, ...eachInvalid(field, key, qualifiedName(key))];
  });
}

export function validateCsiNodeUpdate(next: CSINode, current: CSINode): FieldError[] {
  const errors: FieldError[] = [];
  for (const before of current.spec.drivers ?? [])
    for (const driver of next.spec.drivers ?? [])
      if (driver.name === before.name)
        errors.push(...immutable(shownDriver(driver), shownDriver(before), "spec.drivers"));
  return errors;
}

/** Without how many volumes it takes, which may change. */
function shownDriver({ name, nodeID, topologyKeys }: CSINodeDriver): unknown {
  return { Name: name, NodeID: nodeID, TopologyKeys: topologyKeys, Allocatable: null };
}

export function validateCsiDriver({ spec }: CSIDriver): FieldError[] {
  const errors: FieldError[] = [];
  if (spec.attachRequired === undefined) errors.push(required("spec.attachedRequired"));
  if (spec.podInfoOnMount === undefined) errors.push(required("spec.podInfoOnMount"));
  if (spec.storageCapacity === undefined) errors.push(required("spec.storageCapacity"));
  if (spec.fsGroupPolicy !== undefined && !groupPolicies.includes(spec.fsGroupPolicy))
    errors.push(notSupported("spec.fsGroupPolicy", spec.fsGroupPolicy, groupPolicies));
  const audiences = new Set<string>();
  for (const [index, { audience, expirationSeconds: seconds }] of (spec.tokenRequests ?? []).entries()) {
    const place = `spec.tokenRequests[${index}]`;
    if (audiences.has(audience)) {
      errors.push(duplicate(`${place}.audience`, audience));
      continue;
    }
    audiences.add(audience);
    if (seconds !== undefined && seconds < TOKEN_SECONDS_MIN)
      errors.push(invalid(`${place}.expirationSeconds`, seconds, "may not specify a duration less than 10 minutes"));
    if (seconds !== undefined && seconds > TOKEN_SECONDS_MAX)
      errors.push(
        invalid(`${place}.expirationSeconds`, seconds, "may not specify a duration larger than 2^32 seconds"),
      );
  }
  for (const mode of spec.volumeLifecycleModes ?? [])
    if (!lifecycleModes.includes(mode)) errors.push(notSupported("spec.volumeLifecycleModes", mode, lifecycleModes));
  const period = spec.nodeAllocatableUpdatePeriodSeconds;
  if (period !== undefined && period < UPDATE_SECONDS_MIN) {
    const place = "spec.nodeAllocatableUpdatePeriodSeconds";
    errors.push(invalid(place, period, "must be greater than or equal to 10 seconds"));
  }
  const inSecrets = spec.serviceAccountTokenInSecrets;
  if (inSecrets !== undefined && (spec.tokenRequests ?? []).length === 0) {
    const detail = "serviceAccountTokenInSecrets is set but no tokenRequests are specified";
    errors.push(invalid("spec.serviceAccountTokenInSecrets", inSecrets, detail));
  }
  return errors;
}

export function validateCsiDriverUpdate(next: CSIDriver, current: CSIDriver): FieldError[] {
  return [
    ...validateCsiDriver(next),
    ...immutable(next.spec.attachRequired, current.spec.attachRequired, "spec.attachedRequired"),
    ...immutable(next.spec.volumeLifecycleModes, current.spec.volumeLifecycleModes, "spec.volumeLifecycleModes"),
  ];
}

export function validateCapacity({ nodeTopology, storageClassName, capacity }: CSIStorageCapacity): FieldError[] {
  const errors = validateLabelSelector(nodeTopology, "nodeTopology");
  errors.push(...eachInvalid("storageClassName", storageClassName, dnsSubdomain(storageClassName)));
  if (capacity !== undefined && compareQuantities(capacity, "0") < 0)
    errors.push(invalid("capacity", capacity, NOT_NEGATIVE));
  return errors;
}

export function validateCapacityUpdate(next: CSIStorageCapacity, current: CSIStorageCapacity): FieldError[] {
  return [
    ...immutableStruct("LabelSelector", next.nodeTopology, current.nodeTopology, "nodeTopology"),
    ...immutable(next.storageClassName, current.storageClassName, "storageClassName", IMMUTABLE),
  ];
}
