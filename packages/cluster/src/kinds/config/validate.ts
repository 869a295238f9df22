import { equalJson } from "../../object/json-value.ts";
import type { FieldError } from "../../object/field-error.ts";
import type { ConfigMap, Secret } from "../../schema/data/types/core-v1.ts";
import { eachInvalid, forbidden, invalid, required, tooLong } from "../validation/errors.ts";
import { immutable } from "../validation/immutable.ts";
import { configKey } from "../validation/keys.ts";
import { sortedEntries } from "../validation/labels.ts";
import { byteLength } from "../validation/names.ts";
import { jsonSyntaxError } from "../../object/json-syntax.ts";

const BYTES_MAX = 1024 * 1024;
const ACCOUNT_ANNOTATION = "kubernetes.io/service-account.name";

export function validateConfigMap({ data = {}, binaryData = {} }: ConfigMap): FieldError[] {
  const errors: FieldError[] = [];
  let bytes = 0;
  for (const [key, text] of sortedEntries(data)) {
    const place = `data[${key}]`;
    errors.push(...eachInvalid(place, key, configKey(key)));
    if (Object.hasOwn(binaryData, key)) errors.push(invalid(place, key, "duplicate of key present in binaryData"));
    bytes += byteLength(text);
  }
  for (const [key, text] of sortedEntries(binaryData)) {
    errors.push(...eachInvalid(`binaryData[${key}]`, key, configKey(key)));
    bytes += decodedLength(text);
  }
  if (bytes > BYTES_MAX) errors.push(tooLong("", BYTES_MAX));
  return errors;
}

export function validateConfigMapUpdate(next: ConfigMap, current: ConfigMap): FieldError[] {
  const fields = ["data", "binaryData"] as const;
  return validateSealed(next, current, fields);
}

export function validateSecretUpdate(next: Secret, current: Secret): FieldError[] {
  const fields = ["data"] as const;
  return [...immutable(next.type, current.type, "type"), ...validateSealed(next, current, fields)];
}

interface Sealable {
  readonly immutable?: boolean;
  readonly data?: unknown;
  readonly binaryData?: unknown;
}

/** What was declared immutable stays so, with its content. */
function validateSealed(next: Sealable, current: Sealable, fields: readonly ("data" | "binaryData")[]): FieldError[] {
  if (!current.immutable) return [];
  const changed = fields.filter((field) => !equalJson(next[field], current[field]));
  return [...(next.immutable ? [] : ["immutable"]), ...changed].map((field) =>
    forbidden(field, "field is immutable when `immutable` is set"),
  );
}

export function validateSecret(secret: Secret): FieldError[] {
  const { data = {} } = secret;
  const errors: FieldError[] = [];
  let bytes = 0;
  for (const [key, text] of sortedEntries(data)) {
    errors.push(...eachInvalid(`data[${key}]`, key, configKey(key)));
    bytes += decodedLength(text);
  }
  if (bytes > BYTES_MAX) errors.push(tooLong("data", BYTES_MAX));
  return [...errors, ...validateSecretType(secret)];
}

/** Secrets of certain types have certain keys. */
function validateSecretType({ metadata, type = "", data = {} }: Secret): FieldError[] {
  const missing = (...keys: readonly string[]): FieldError[] =>
    keys.filter((key) => !Object.hasOwn(data, key)).map((key) => required(`data[${key}]`));
  switch (type) {
    case "kubernetes.io/service-account-token":
      return metadata.annotations?.[ACCOUNT_ANNOTATION]
        ? []
        : [required(`metadata.annotations[${ACCOUNT_ANNOTATION}]`)];
    case "kubernetes.io/dockercfg":
      return validateJson(data, ".dockercfg");
    case "kubernetes.io/dockerconfigjson":
      return validateJson(data, ".dockerconfigjson");
    case "kubernetes.io/basic-auth": {
      const errors = missing("username", "password");
      return errors.length === 2 ? errors : [];
    }
    case "kubernetes.io/ssh-auth":
      return data["ssh-privatekey"] ? [] : [required("data[ssh-privatekey]")];
    case "kubernetes.io/tls":
      return missing("tls.crt", "tls.key");
    default:
      return [];
  }
}

function validateJson(data: Readonly<Record<string, string>>, key: string): FieldError[] {
  const place = `data[${key}]`;
  const encoded = data[key];
  if (encoded === undefined) return [required(place)];
  const error = jsonSyntaxError(Buffer.from(encoded, "base64").toString("utf8"));
  return error === undefined ? [] : [invalid(place, "<secret contents redacted>", error)];
}

function decodedLength(encoded: string): number {
  return Buffer.byteLength(encoded, "base64");
}
