import type { FieldError } from "../../object/field-error.ts";
import type { EnvFromSource, EnvVar, EnvVarSource, ObjectFieldSelector } from "../../schema/data/types/core-v1.ts";
import { invalid, notSupported, required } from "../validation/errors.ts";
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

export function validateEnv(variables: readonly EnvVar[], field: string, errors: FieldError[]): void {
  variables.forEach((variable, index) => {
    const { name, valueFrom } = variable;
    if (name === "") errors.push(required(`${field}[${index}].name`));
    else for (const message of environmentName(name)) errors.push(invalid(`${field}[${index}].name`, name, message));
    if (valueFrom) validateSource(variable, valueFrom, `${field}[${index}].valueFrom`, errors);
  });
}

function validateSource(variable: EnvVar, source: EnvVarSource, field: string, errors: FieldError[]): void {
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = source;
  if (fieldRef) validateFieldSelector(fieldRef, { field: `${field}.fieldRef`, use: "environment" }, errors);
  if (resourceFieldRef) validateResourceField(resourceFieldRef.resource, `${field}.resourceFieldRef`, errors);
  if (configMapKeyRef) validateKeyRef(configMapKeyRef, `${field}.configMapKeyRef`, errors);
  if (secretKeyRef) validateKeyRef(secretKeyRef, `${field}.secretKeyRef`, errors);
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
}

function validateKeyRef(
  { name = "", key }: { readonly name?: string; readonly key: string },
  field: string,
  errors: FieldError[],
): void {
  if (name === "") errors.push(required(`${field}.name`));
  else for (const message of dnsSubdomain(name)) errors.push(invalid(`${field}.name`, name, message));
  if (key === "") errors.push(required(`${field}.key`));
  else for (const message of configKey(key)) errors.push(invalid(`${field}.key`, key, message));
}

export interface FieldUse {
  readonly field: string;
  readonly use: "environment" | "volume";
}

export function validateFieldSelector(selector: ObjectFieldSelector, where: FieldUse, errors: FieldError[]): void {
  const { apiVersion = "", fieldPath } = selector;
  const allowed = where.use === "environment" ? environmentFields : volumeFields;
  if (apiVersion === "") errors.push(required(`${where.field}.apiVersion`));
  else if (fieldPath === "") errors.push(required(`${where.field}.fieldPath`));
  else if (apiVersion !== "v1")
    errors.push(unconverted(where.field, fieldPath, `unsupported pod version: ${apiVersion}`));
  else if (!allowed.includes(fieldPath)) validateFieldPath(fieldPath, where.field, { allowed, errors });
}

/** Of one label or annotation, or a path that can't be used. */
function validateFieldPath(
  fieldPath: string,
  field: string,
  { allowed, errors }: { readonly allowed: readonly string[]; readonly errors: FieldError[] },
): void {
  const [, map = "", key] = /^(.*)\['(.*)'\]$/.exec(fieldPath) ?? [];
  if (key !== undefined && (map === "metadata.annotations" || map === "metadata.labels")) {
    const name = map === "metadata.annotations" ? key.toLowerCase() : key;
    for (const message of qualifiedName(name)) errors.push(invalid(field, name, message));
  } else if (knownFields.has(fieldPath)) errors.push(notSupported(`${field}.fieldPath`, fieldPath, allowed));
  else errors.push(unconverted(field, fieldPath, `field label not supported: ${fieldPath}`));
}

function unconverted(field: string, fieldPath: string, detail: string): FieldError {
  return invalid(`${field}.fieldPath`, fieldPath, `error converting fieldPath: ${detail}`);
}

export function validateResourceField(resource: string, field: string, errors: FieldError[]): void {
  if (resource === "") errors.push(required(`${field}.resource`));
  else if (!resourceFields.includes(resource) && !/^(?:limits|requests)\.hugepages-/.test(resource))
    errors.push(notSupported(`${field}.resource`, resource, resourceFields));
}

export function validateEnvFrom(sources: readonly EnvFromSource[], field: string, errors: FieldError[]): void {
  sources.forEach(({ prefix = "", configMapRef, secretRef }, index) => {
    const place = `${field}[${index}]`;
    if (prefix !== "")
      for (const message of environmentName(prefix)) errors.push(invalid(`${place}.prefix`, prefix, message));
    if (configMapRef) validateReference(configMapRef, `${place}.configMapRef`, errors);
    if (secretRef) validateReference(secretRef, `${place}.secretRef`, errors);
    if (!configMapRef && !secretRef)
      errors.push(invalid(field, "", "must specify one of: `configMapRef` or `secretRef`"));
    if (configMapRef && secretRef)
      errors.push(invalid(field, "", "may not have more than one field specified at a time"));
  });
}

function validateReference({ name = "" }: { readonly name?: string }, field: string, errors: FieldError[]): void {
  if (name === "") errors.push(required(`${field}.name`));
  else for (const message of dnsSubdomain(name)) errors.push(invalid(`${field}.name`, name, message));
}
