import { compareQuantities } from "../../object/quantity.ts";
import type { FieldError } from "../../object/field-error.ts";
import type {
  DownwardAPIVolumeFile,
  KeyToPath,
  ProjectedVolumeSource,
  Volume,
  VolumeProjection,
} from "../../schema/data/types/core-v1.ts";
import { duplicate, forbidden, invalid, notSupported, required } from "../validation/errors.ts";
import { dnsLabel } from "../validation/names.ts";
import { validateFilePath, validateNoBacksteps } from "../validation/paths.ts";
import { validateClaimSpec } from "../claim/validate.ts";
import { validateFieldSelector, validateResourceField } from "./validate-env.ts";

const FILE_MODE_MAX = 0o777;
const FILE_MODE = "must be a number between 0 and 0777 (octal), both inclusive";
const TOKEN_SECONDS_MIN = 600;
const TOKEN_SECONDS_MAX = 2 ** 32;
const hostPathTypes = [
  "",
  "BlockDevice",
  "CharDevice",
  "Directory",
  "DirectoryOrCreate",
  "File",
  "FileOrCreate",
  "Socket",
];

/** The sources in the order in which they are looked at: the second one of a volume is the one that is too many. */
const sourceOrder = [
  "emptyDir",
  "hostPath",
  "gitRepo",
  "gcePersistentDisk",
  "awsElasticBlockStore",
  "secret",
  "nfs",
  "iscsi",
  "glusterfs",
  "flocker",
  "persistentVolumeClaim",
  "rbd",
  "cinder",
  "cephfs",
  "quobyte",
  "downwardAPI",
  "fc",
  "flexVolume",
  "configMap",
  "azureFile",
  "vsphereVolume",
  "photonPersistentDisk",
  "portworxVolume",
  "azureDisk",
  "storageos",
  "projected",
  "scaleIO",
  "csi",
  "ephemeral",
  "image",
] as const;

/** The names of the volumes that are all right, which mounts may name. */
export function validateVolumes(volumes: readonly Volume[], field: string, errors: FieldError[]): ReadonlySet<string> {
  const names = new Set<string>();
  volumes.forEach((volume, index) => {
    const { name } = volume;
    const place = `${field}[${index}]`;
    const known = errors.length;
    validateSources(volume, place, errors);
    if (name === "") errors.push(required(`${place}.name`));
    else for (const message of dnsLabel(name)) errors.push(invalid(`${place}.name`, name, message));
    if (names.has(name)) errors.push(duplicate(`${place}.name`, name));
    if (errors.length === known) names.add(name);
  });
  return names;
}

function validateSources(volume: Volume, field: string, errors: FieldError[]): void {
  const fields = Object.keys(volume) as (keyof Volume)[];
  let count = 0;
  // As a rule there are a name and one source; which of several counts is said by their order.
  for (const source of fields.length > 2 ? sourceOrder : fields) {
    if (source === "name" || volume[source] === undefined) continue;
    if (++count > 1) errors.push(forbidden(`${field}.${source}`, "may not specify more than 1 volume type"));
    else validateSource(volume, source, `${field}.${source}`, errors);
  }
  if (count === 0) errors.push(required(field, "must specify a volume type"));
}

function validateSource(volume: Volume, source: keyof Volume, field: string, errors: FieldError[]): void {
  const { emptyDir, hostPath, secret, configMap, downwardAPI, projected } = volume;
  switch (source) {
    case "emptyDir":
      if (compareQuantities(emptyDir?.sizeLimit, "0") < 0)
        errors.push(forbidden(`${field}.sizeLimit`, "SizeLimit field must be a valid resource quantity"));
      break;
    case "hostPath":
      validateHostPath(hostPath?.path ?? "", hostPath?.type, field, errors);
      break;
    case "secret":
      requireText(secret?.secretName, `${field}.secretName`, errors);
      validateFiles(secret ?? {}, field, errors);
      break;
    case "configMap":
      validateKeyed(configMap ?? {}, field, errors);
      break;
    case "persistentVolumeClaim":
      requireText(volume.persistentVolumeClaim?.claimName, `${field}.claimName`, errors);
      break;
    case "downwardAPI":
      validateMode(downwardAPI?.defaultMode, `${field}.defaultMode`, errors);
      for (const file of downwardAPI?.items ?? []) validateDownwardFile(file, field, errors);
      break;
    case "projected":
      if (projected) validateProjected(projected, field, errors);
      break;
    default:
      validateRareSource(volume, source, field, errors);
  }
}

function validateRareSource(volume: Volume, source: string, field: string, errors: FieldError[]): void {
  if (source === "nfs") {
    const { server = "", path = "" } = volume.nfs ?? {};
    requireText(server, `${field}.server`, errors);
    requireText(path, `${field}.path`, errors);
    if (!path.startsWith("/")) errors.push(invalid(`${field}.path`, path, "must be an absolute path"));
  } else if (source === "csi") {
    requireText(volume.csi?.driver, `${field}.driver`, errors);
  } else if (source === "ephemeral") {
    const template = volume.ephemeral?.volumeClaimTemplate;
    if (!template) errors.push(required(`${field}.volumeClaimTemplate`));
    else errors.push(...validateClaimSpec(template.spec, `${field}.volumeClaimTemplate.spec`));
  }
}

export function validateHostPath(
  path: string,
  type: string | undefined,
  field: string,
  errors: FieldError[] = [],
): FieldError[] {
  requireText(path, `${field}.path`, errors);
  validateNoBacksteps(path, `${field}.path`, errors);
  if (type !== undefined && !hostPathTypes.includes(type))
    errors.push(notSupported(`${field}.type`, type, hostPathTypes));
  return errors;
}

interface Files {
  readonly defaultMode?: number;
  readonly items?: readonly KeyToPath[];
}

/** Of what has keys, of which files are made. */
function validateFiles({ defaultMode, items }: Files, field: string, errors: FieldError[]): void {
  validateMode(defaultMode, `${field}.defaultMode`, errors);
  items?.forEach((item, index) => validateKeyToPath(item, `${field}.items[${index}]`, errors));
}

function validateKeyed(source: Files & { readonly name?: string }, field: string, errors: FieldError[]): void {
  requireText(source.name, `${field}.name`, errors);
  validateFiles(source, field, errors);
}

function validateKeyToPath({ key, path, mode }: KeyToPath, field: string, errors: FieldError[]): void {
  const place = `${field}.path`;
  requireText(key, `${field}.key`, errors);
  requireText(path, place, errors);
  validateFilePath(path, place, errors);
  validateMode(mode, `${field}.mode`, errors);
}

function validateDownwardFile(
  { path, fieldRef, resourceFieldRef, mode }: DownwardAPIVolumeFile,
  field: string,
  errors: FieldError[],
): void {
  const place = `${field}.path`;
  requireText(path, place, errors);
  validateFilePath(path, place, errors);
  if (fieldRef) {
    validateFieldSelector(fieldRef, { field: `${field}.fieldRef`, use: "volume" }, errors);
    if (resourceFieldRef)
      errors.push(invalid(field, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously"));
  } else if (resourceFieldRef) {
    requireText(resourceFieldRef.containerName, `${field}.resourceFieldRef.containerName`, errors);
    validateResourceField(resourceFieldRef.resource, `${field}.resourceFieldRef`, errors);
  } else {
    errors.push(required(field, "one of fieldRef and resourceFieldRef is required"));
  }
  validateMode(mode, `${field}.mode`, errors);
}

function validateProjected({ defaultMode, sources }: ProjectedVolumeSource, field: string, errors: FieldError[]): void {
  validateMode(defaultMode, `${field}.defaultMode`, errors);
  const paths = new Set<string>();
  const take = (path: string, shown: string): void => {
    if (paths.has(path)) errors.push(invalid(field, shown, "conflicting duplicate paths"));
    paths.add(path);
  };
  sources?.forEach((source, index) => {
    const place = `${field}.sources[${index}]`;
    validateProjection(source, place, field, errors);
    for (const { path } of source.secret?.items ?? []) take(path, source.secret?.name ?? "");
    for (const { path } of source.configMap?.items ?? []) take(path, source.configMap?.name ?? "");
    for (const { path } of source.downwardAPI?.items ?? []) take(path, path);
    if (Object.keys(source).length > 1)
      errors.push(forbidden(place, "may not specify more than 1 volume type per source"));
  });
}

function validateProjection(source: VolumeProjection, field: string, owner: string, errors: FieldError[]): void {
  const { secret, configMap, downwardAPI, serviceAccountToken } = source;
  if (secret) validateKeyed(secret, `${field}.secret`, errors);
  if (configMap) validateKeyed(configMap, `${field}.configMap`, errors);
  for (const file of downwardAPI?.items ?? []) validateDownwardFile(file, `${field}.downwardAPI`, errors);
  if (serviceAccountToken) {
    const seconds = serviceAccountToken.expirationSeconds ?? 0;
    const place = `${field}.serviceAccountToken.expirationSeconds`;
    if (seconds < TOKEN_SECONDS_MIN)
      errors.push(invalid(place, seconds, "may not specify a duration less than 10 minutes"));
    if (seconds > TOKEN_SECONDS_MAX)
      errors.push(invalid(place, seconds, "may not specify a duration larger than 2^32 seconds"));
    if (serviceAccountToken.path === "") errors.push(required(`${owner}.path`));
    else validateFilePath(serviceAccountToken.path, `${owner}.path`, errors);
  }
}

function validateMode(mode: number | undefined, field: string, errors: FieldError[]): void {
  if (mode !== undefined && (mode < 0 || mode > FILE_MODE_MAX)) errors.push(invalid(field, mode, FILE_MODE));
}

function requireText(text: string | undefined, field: string, errors: FieldError[]): void {
  if ((text ?? "") === "") errors.push(required(field));
}
