import { compareQuantities } from "../../object/quantity.ts";
import type { FieldError } from "../../object/field-error.ts";
import type {
  DownwardAPIVolumeFile,
  KeyToPath,
  ProjectedVolumeSource,
  Volume,
  VolumeProjection,
} from "../../schema/data/types/core-v1.ts";
import { duplicate, eachInvalid, forbidden, invalid, notSupported, required } from "../validation/errors.ts";
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

/** Also the names of the volumes that are all right, which mounts may name. */
export function validateVolumes(
  volumes: readonly Volume[],
  field: string,
): { readonly errors: FieldError[]; readonly names: ReadonlySet<string> } {
  const errors: FieldError[] = [];
  const names = new Set<string>();
  for (const [index, volume] of volumes.entries()) {
    const place = `${field}[${index}]`;
    const own = validateSources(volume, place);
    if (volume.name === "") own.push(required(`${place}.name`));
    else own.push(...eachInvalid(`${place}.name`, volume.name, dnsLabel(volume.name)));
    if (names.has(volume.name)) own.push(duplicate(`${place}.name`, volume.name));
    if (own.length === 0) names.add(volume.name);
    errors.push(...own);
  }
  return { errors, names };
}

function validateSources(volume: Volume, field: string): FieldError[] {
  const errors: FieldError[] = [];
  const given = sourceOrder.filter((source) => volume[source] !== undefined);
  for (const [index, source] of given.entries()) {
    if (index > 0) errors.push(forbidden(`${field}.${source}`, "may not specify more than 1 volume type"));
    else errors.push(...validateSource(volume, source, `${field}.${source}`));
  }
  return given.length === 0 ? [required(field, "must specify a volume type")] : errors;
}

function validateSource(volume: Volume, source: (typeof sourceOrder)[number], field: string): FieldError[] {
  switch (source) {
    case "emptyDir":
      return compareQuantities(volume.emptyDir?.sizeLimit, "0") < 0
        ? [forbidden(`${field}.sizeLimit`, "SizeLimit field must be a valid resource quantity")]
        : [];
    case "hostPath":
      return validateHostPath(volume.hostPath?.path ?? "", volume.hostPath?.type, field);
    case "secret":
      return validateKeyed(volume.secret ?? {}, volume.secret?.secretName, `${field}`, "secretName");
    case "configMap":
      return validateKeyed(volume.configMap ?? {}, volume.configMap?.name, `${field}`, "name");
    case "persistentVolumeClaim":
      return requiredText(volume.persistentVolumeClaim?.claimName, `${field}.claimName`);
    case "downwardAPI":
      return [
        ...validateMode(volume.downwardAPI?.defaultMode, `${field}.defaultMode`),
        ...(volume.downwardAPI?.items ?? []).flatMap((file) => validateDownwardFile(file, field)),
      ];
    case "projected":
      return validateProjected(volume.projected, field);
    case "ephemeral": {
      const template = volume.ephemeral?.volumeClaimTemplate;
      if (!template) return [required(`${field}.volumeClaimTemplate`)];
      return validateClaimSpec(template.spec, `${field}.volumeClaimTemplate.spec`);
    }
    default:
      return validateNetworkSource(volume, source, field);
  }
}

function validateNetworkSource(volume: Volume, source: string, field: string): FieldError[] {
  if (source === "nfs") {
    const { server = "", path = "" } = volume.nfs ?? {};
    const errors = [...requiredText(server, `${field}.server`), ...requiredText(path, `${field}.path`)];
    return path.startsWith("/") ? errors : [...errors, invalid(`${field}.path`, path, "must be an absolute path")];
  }
  if (source === "csi") return requiredText(volume.csi?.driver, `${field}.driver`);
  return [];
}

export function validateHostPath(path: string, type: string | undefined, field: string): FieldError[] {
  const errors = [...requiredText(path, `${field}.path`), ...validateNoBacksteps(path, `${field}.path`)];
  if (type === undefined || hostPathTypes.includes(type)) return errors;
  return [...errors, notSupported(`${field}.type`, type, hostPathTypes)];
}

function validateKeyed(
  source: { readonly defaultMode?: number; readonly items?: readonly KeyToPath[] },
  name: string | undefined,
  field: string,
  nameField: string,
): FieldError[] {
  return [
    ...requiredText(name, `${field}.${nameField}`),
    ...validateMode(source.defaultMode, `${field}.defaultMode`),
    ...(source.items ?? []).flatMap((item, index) => validateKeyToPath(item, `${field}.items[${index}]`)),
  ];
}

function validateKeyToPath({ key, path, mode }: KeyToPath, field: string): FieldError[] {
  return [
    ...requiredText(key, `${field}.key`),
    ...requiredText(path, `${field}.path`),
    ...validateFilePath(path, `${field}.path`),
    ...validateMode(mode, `${field}.mode`),
  ];
}

function validateDownwardFile(
  { path, fieldRef, resourceFieldRef, mode }: DownwardAPIVolumeFile,
  field: string,
): FieldError[] {
  const errors = [...requiredText(path, `${field}.path`), ...validateFilePath(path, `${field}.path`)];
  if (fieldRef) {
    errors.push(...validateFieldSelector(fieldRef, `${field}.fieldRef`, "volume"));
    if (resourceFieldRef)
      errors.push(invalid(field, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously"));
  } else if (resourceFieldRef) {
    const place = `${field}.resourceFieldRef`;
    errors.push(...requiredText(resourceFieldRef.containerName, `${place}.containerName`));
    errors.push(...validateResourceField(resourceFieldRef.resource, place));
  } else {
    errors.push(required(field, "one of fieldRef and resourceFieldRef is required"));
  }
  return [...errors, ...validateMode(mode, `${field}.mode`)];
}

function validateProjected(projected: ProjectedVolumeSource | undefined, field: string): FieldError[] {
  const errors = validateMode(projected?.defaultMode, `${field}.defaultMode`);
  const paths = new Set<string>();
  for (const [index, source] of (projected?.sources ?? []).entries()) {
    const place = `${field}.sources[${index}]`;
    errors.push(...validateProjection(source, place, field));
    for (const [path, value] of pathsOf(source)) {
      if (paths.has(path)) errors.push(invalid(field, value, "conflicting duplicate paths"));
      paths.add(path);
    }
    if (Object.keys(source).length > 1)
      errors.push(forbidden(place, "may not specify more than 1 volume type per source"));
  }
  return errors;
}

function pathsOf({ secret, configMap, downwardAPI }: VolumeProjection): [string, string][] {
  return [
    ...(secret?.items ?? []).map(({ path }): [string, string] => [path, secret?.name ?? ""]),
    ...(configMap?.items ?? []).map(({ path }): [string, string] => [path, configMap?.name ?? ""]),
    ...(downwardAPI?.items ?? []).map(({ path }): [string, string] => [path, path]),
  ];
}

function validateProjection(source: VolumeProjection, field: string, owner: string): FieldError[] {
  const { secret, configMap, downwardAPI, serviceAccountToken } = source;
  const errors: FieldError[] = [];
  for (const [kind, keyed] of [["secret", secret] as const, ["configMap", configMap] as const]) {
    if (!keyed) continue;
    errors.push(...requiredText(keyed.name, `${field}.${kind}.name`));
    for (const [index, item] of (keyed.items ?? []).entries())
      errors.push(...validateKeyToPath(item, `${field}.${kind}.items[${index}]`));
  }
  for (const file of downwardAPI?.items ?? []) errors.push(...validateDownwardFile(file, `${field}.downwardAPI`));
  if (serviceAccountToken) {
    const seconds = serviceAccountToken.expirationSeconds ?? 0;
    const place = `${field}.serviceAccountToken.expirationSeconds`;
    if (seconds < TOKEN_SECONDS_MIN)
      errors.push(invalid(place, seconds, "may not specify a duration less than 10 minutes"));
    if (seconds > TOKEN_SECONDS_MAX)
      errors.push(invalid(place, seconds, "may not specify a duration larger than 2^32 seconds"));
    if (serviceAccountToken.path === "") errors.push(required(`${owner}.path`));
    else errors.push(...validateFilePath(serviceAccountToken.path, `${owner}.path`));
  }
  return errors;
}

function validateMode(mode: number | undefined, field: string): FieldError[] {
  return mode !== undefined && (mode < 0 || mode > FILE_MODE_MAX) ? [invalid(field, mode, FILE_MODE)] : [];
}

function requiredText(text: string | undefined, field: string): FieldError[] {
  return (text ?? "") === "" ? [required(field)] : [];
}
