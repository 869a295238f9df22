import { X509Certificate } from "node:crypto";
import { forbidden, invalid, notSupported, required } from "../../kinds/validation/errors.ts";
import { dns1035Label, dnsSubdomain } from "../../kinds/validation/names.ts";
import type { FieldError } from "../../object/field-error.ts";
import type { CustomResourceConversion, WebhookClientConfig } from "../../schema/data/types/apiextensions-v1.ts";

const REVIEW_VERSIONS = ["v1", "v1beta1"];

export function validateConversion(
  conversion: CustomResourceConversion | undefined,
  field: string,
  checksAuthority: boolean,
): FieldError[] {
  if (conversion === undefined) return [];
  const { strategy, webhook } = conversion;
  const errors: FieldError[] = [];
  if (strategy === "") errors.push(required(`${field}.strategy`));
  else if (strategy !== "None" && strategy !== "Webhook")
    errors.push(notSupported(`${field}.strategy`, strategy, ["None", "Webhook"]));
  const client = webhook?.clientConfig;
  const versions = webhook?.conversionReviewVersions ?? [];
  if (strategy === "Webhook") {
    const at = `${field}.webhookClientConfig`;
    if (client === undefined) errors.push(required(at, "required when strategy is set to Webhook"));
    else errors.push(...clientErrors(client, at, checksAuthority));
    return [...errors, ...reviewVersionErrors(versions, `${field}.conversionReviewVersions`)];
  }
  const unused = "should not be set when strategy is not set to Webhook";
  if (client !== undefined) errors.push(forbidden(`${field}.webhookClientConfig`, unused));
  if (versions.length > 0) errors.push(forbidden(`${field}.conversionReviewVersions`, unused));
  return errors;
}

function clientErrors(client: WebhookClientConfig, field: string, checksAuthority: boolean): FieldError[] {
  const { url, service, caBundle = "" } = client;
  const errors: FieldError[] = [];
  if ((url === undefined) === (service === undefined))
    errors.push(required(field, "exactly one of url or service is required"));
  else if (url !== undefined) errors.push(...urlErrors(url, `${field}.url`));
  else if (service) errors.push(...serviceErrors(service, `${field}.service`));
  if (checksAuthority && caBundle !== "" && !isAuthority(caBundle))
    errors.push(
      invalid(`${field}.caBundle`, caBundle, "unable to load root certificates: unable to parse bytes as PEM block"),
    );
  return errors;
}

export function isAuthority(caBundle: string): boolean {
  try {
    return new X509Certificate(Buffer.from(caBundle, "base64")).subject !== "";
  } catch {
    return false;
  }
}

function urlErrors(text: string, field: string): FieldError[] {
  const form = "; desired format: https://host[/path]";
  const parts =
    /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?(?:\/\/(?:([^/?#@]*)@)?([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(text);
  const [, scheme = "", user, host = "", , query = "", fragment = ""] = parts ?? [];
  const errors: FieldError[] = [];
  if (scheme !== "https") errors.push(invalid(field, scheme, `'https' is the only allowed URL scheme${form}`));
  if (host === "") errors.push(invalid(field, host, `host must be specified${form}`));
  if (user !== undefined) errors.push(invalid(field, user, "user information is not permitted in the URL"));
  if (fragment !== "") errors.push(invalid(field, fragment, "fragments are not permitted in the URL"));
  if (query !== "") errors.push(invalid(field, query, "query parameters are not permitted in the URL"));
  return errors;
}

function serviceErrors(service: NonNullable<WebhookClientConfig["service"]>, field: string): FieldError[] {
  const { name, namespace, path = "", port = 443 } = service;
  const errors: FieldError[] = [];
  if (name === "") errors.push(required(`${field}.name`));
  if (namespace === "") errors.push(required(`${field}.namespace`));
  if (port < 1 || port > 65_535)
    errors.push(invalid(`${field}.port`, port, "port is not valid: must be between 1 and 65535, inclusive"));
  return [...errors, ...pathErrors(path, `${field}.path`)];
}

function pathErrors(path: string, field: string): FieldError[] {
  if (path === "" || path === "/") return [];
  if (path === "//") return [invalid(field, path, "segment[0] may not be empty")];
  const errors = path.startsWith("/") ? [] : [invalid(field, path, "must start with a '/'")];
  const steps = path.slice(1).replace(/\/$/, "").split("/");
  for (const [index, step] of steps.entries()) {
    const problems = step === "" ? [] : dnsSubdomain(step).map((problem) => `segment[${index}]: ${problem}`);
    if (step === "") problems.push(`segment[${index}] may not be empty`);
    errors.push(...problems.map((problem) => invalid(field, path, problem)));
  }
  return errors;
}

function reviewVersionErrors(versions: readonly string[], field: string): FieldError[] {
  if (versions.length === 0) return [required(field)];
  const errors: FieldError[] = [];
  for (const [index, version] of versions.entries()) {
    if (versions.indexOf(version) < index) errors.push(invalid(`${field}[${index}]`, version, "duplicate version"));
    else errors.push(...dns1035Label(version).map((problem) => invalid(`${field}[${index}]`, version, problem)));
  }
  if (!versions.some((version) => REVIEW_VERSIONS.includes(version)))
    errors.push(invalid(field, versions, `must include at least one of ${REVIEW_VERSIONS.join(", ")}`));
  return errors;
}
