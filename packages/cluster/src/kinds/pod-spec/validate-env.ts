import type { FieldError } from "../../object/field-error.ts";
import type { EnvFromSource, EnvVar, EnvVarSource, ObjectFieldSelector } from "../../schema/data/types/core-v1.ts";
import { eachInvalid, invalid, notSupported, required } from "../validation/errors.ts";
import { configKey, environmentName } from "../validation/keys.ts";
import { qualifiedName, dnsSubdomain } from "../validation/names.ts";

const environmentFields = [
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
  "spec.nodeName",
  "spec.serviceAccountName",
  "status.hostIP",
  "status.hostIPs",
  "status.podIP",
  "status.podIPs",
];
const volumeFields = ["metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"];
/** What the label of a field may say at all, before it is asked where it is used. */
const knownFields = new Set([
  ...environmentFields,
  ...volumeFields,
  "spec.restartPolicy",
  "spec.schedulerName",
  "status.phase",
  "spec.hostNetwork",
]);
const resourceFields = [
  "limits.cpu",
  "limits.ephemeral-storage",
  "limits.memory",
  "requests.cpu",
  "requests.ephemeral-storage",
  "requests.memory",
];

export function validateEnv(variables: readonly EnvVar[], field: string): FieldError[] {
  return variables.flatMap((variable, index) => {
    const place = `${field}[${index}]`;
    const errors =
      variable.name === ""
        ? [required(`${place}.name`)]
        : eachInvalid(`${place}.name`, variable.name, environmentName(variable.name));
    return variable.valueFrom
      ? [...errors, ...validateSource(variable, variable.valueFrom, `${place}.valueFrom`)]
      : errors;
  });
}

function validateSource(variable: EnvVar, source: EnvVarSource, field: string): FieldError[] {
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = source;
  const errors: FieldError[] = [];
  if (fieldRef) errors.push(...validateFieldSelector(fieldRef, `${field}.fieldRef`, "environment"));
  if (resourceFieldRef) errors.push(...validateResourceField(resourceFieldRef.resource, `${field}.resourceFieldRef`));
  if (configMapKeyRef) errors.push(...validateKeyRef(configMapKeyRef, `${field}.configMapKeyRef`));
  if (secretKeyRef) errors.push(...validateKeyRef(secretKeyRef, `${field}.secretKeyRef`));
  const count = Object.keys(source).length;
  if (count === 0) {
    errors.push(
      invalid(
        field,
        "",
        "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`",
      ),
    );
  } else if ((variable.value ?? "") !== "")
    errors.push(invalid(field, "", "may not be specified when `value` is not empty"));
  else if (count > 1) errors.push(invalid(field, "", "may not have more than one field specified at a time"));
  return errors;
}

function validateKeyRef({ name = "", key }: { name?: string; key: string }, field: string): FieldError[] {
  const errors = name === "" ? [required(`${field}.name`)] : eachInvalid(`${field}.name`, name, dnsSubdomain(name));
  if (key === "") return [...errors, required(`${field}.key`)];
  return [...errors, ...eachInvalid(`${field}.key`, key, configKey(key))];
}

export function validateFieldSelector(
  { apiVersion = "", fieldPath }: ObjectFieldSelector,
  field: string,
  use: "environment" | "volume",
): FieldError[] {
  if (apiVersion === "") return [required(`${field}.apiVersion`)];
  if (fieldPath === "") return [required(`${field}.fieldPath`)];
  const [, path = fieldPath, key] = /^(.*)\['(.*)'\]$/.exec(fieldPath) ?? [];
  const isKnown =
    key === undefined ? knownFields.has(path) : path === "metadata.annotations" || path === "metadata.labels";
  if (apiVersion !== "v1" || !isKnown) {
    const detail =
      apiVersion === "v1" ? `field label not supported: ${fieldPath}` : `unsupported pod version: ${apiVersion}`;
    return [invalid(`${field}.fieldPath`, fieldPath, `error converting fieldPath: ${detail}`)];
  }
  if (key !== undefined) {
    const name = path === "metadata.annotations" ? key.toLowerCase() : key;
    return eachInvalid(field, name, qualifiedName(name));
  }
  const allowed = use === "environment" ? environmentFields : volumeFields;
  return allowed.includes(path) ? [] : [notSupported(`${field}.fieldPath`, path, allowed)];
}

export function validateResourceField(resource: string, field: string): FieldError[] {
  if (resource === "") return [required(`${field}.resource`)];
  const isHugePages = /^(?:limits|requests)\.hugepages-/.test(resource);
  return isHugePages || resourceFields.includes(resource)
    ? []
    : [notSupported(`${field}.resource`, resource, resourceFields)];
}

export function validateEnvFrom(sources: readonly EnvFromSource[], field: string): FieldError[] {
  return sources.flatMap(({ prefix = "", configMapRef, secretRef }, index) => {
    const place = `${field}[${index}]`;
    const errors = prefix === "" ? [] : eachInvalid(`${place}.prefix`, prefix, environmentName(prefix));
    for (const [kind, reference] of [["configMapRef", configMapRef] as const, ["secretRef", secretRef] as const]) {
      if (!reference) continue;
      const name = reference.name ?? "";
      if (name === "") errors.push(required(`${place}.${kind}.name`));
      else errors.push(...eachInvalid(`${place}.${kind}.name`, name, dnsSubdomain(name)));
    }
    if (!configMapRef && !secretRef)
      errors.push(invalid(field, "", "must specify one of: `configMapRef` or `secretRef`"));
    if (configMapRef && secretRef)
      errors.push(invalid(field, "", "may not have more than one field specified at a time"));
    return errors;
  });
}
