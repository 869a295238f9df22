import type { FieldError } from "../../object/field-error.ts";
import { equalJson } from "../../object/json-value.ts";
import type {
  CertificateSigningRequest,
  CertificateSigningRequestCondition,
} from "../../schema/data/types/certificates-v1.ts";
import { duplicate, eachInvalid, forbidden, invalid, notSupported, required, tooLong } from "../validation/errors.ts";
import { byteLength, dnsSubdomain } from "../validation/names.ts";
import { specDifference } from "../validation/spec-difference.ts";

const SECONDS_MIN = 600;
const SIGNER_DOMAIN_MAX = 253;
const usages = [
  "any",
  "cert sign",
  "client auth",
  "code signing",
  "content commitment",
  "crl sign",
  "data encipherment",
  "decipher only",
  "digital signature",
  "email protection",
  "encipher only",
  "ipsec end system",
  "ipsec tunnel",
  "ipsec user",
  "key agreement",
  "key encipherment",
  "microsoft sgc",
  "netscape sgc",
  "ocsp signing",
  "s/mime",
  "server auth",
  "signing",
  "timestamping",
];
const decided = ["Approved", "Denied"];

export function validateCertificateRequest({ spec, status }: CertificateSigningRequest): FieldError[] {
  const errors: FieldError[] = [];
  if (!isPem(spec.request, "CERTIFICATE REQUEST"))
    errors.push(invalid("spec.request", spec.request, "PEM block type must be CERTIFICATE REQUEST"));
  const asked = spec.usages ?? [];
  if (asked.length === 0) errors.push(required("spec.usages"));
  for (const [index, usage] of asked.entries())
    if (!usages.includes(usage)) errors.push(notSupported(`spec.usages[${index}]`, usage, usages));
  for (const [index, usage] of asked.entries())
    if (asked.indexOf(usage) < index) errors.push(duplicate(`spec.usages[${index}]`, usage));
  if (spec.signerName === "kubernetes.io/legacy-unknown") {
    const detail = "the legacy signerName is not allowed via this API version";
    errors.push(invalid("spec.signerName", spec.signerName, detail));
  } else errors.push(...validateSigner(spec.signerName, "spec.signerName"));
  const seconds = spec.expirationSeconds;
  if (seconds !== undefined && seconds < SECONDS_MIN) {
    const detail = "may not specify a duration less than 600 seconds (10 minutes)";
    errors.push(invalid("spec.expirationSeconds", seconds, detail));
  }
  return [...errors, ...validateConditions(status.conditions ?? [])];
}

function isPem(encoded: string | null | undefined, type: string): boolean {
  const text = Buffer.from(encoded ?? "", "base64").toString("utf8");
  return new RegExp(`-----BEGIN ${type}-----\\s[\\s\\S]+-----END ${type}-----`).test(text);
}

/** A domain, and a name in it: `example.com/client`. */
function validateSigner(name: string, field: string): FieldError[] {
  if (name === "") return [required(field)];
  const segments = name.split("/");
  const [domain = "", path = ""] = segments;
  if (segments.length !== 2)
    return [invalid(field, name, "must be a fully qualified domain and path of the form 'example.com/signer-name'")];
  const errors = eachInvalid(field, domain, dnsSubdomain(domain));
  if (domain.split(".").length < 2)
    errors.push(invalid(field, domain, "should be a domain with at least two segments separated by dots"));
  for (const part of path.split(".")) errors.push(...eachInvalid(field, part, dnsSubdomain(part)));
  return byteLength(name) > SIGNER_DOMAIN_MAX + 1 + SIGNER_DOMAIN_MAX
    ? [...errors, tooLong(field, SIGNER_DOMAIN_MAX + 1 + SIGNER_DOMAIN_MAX)]
    : errors;
}

function validateConditions(conditions: readonly CertificateSigningRequestCondition[]): FieldError[] {
  const seen = new Set<string>();
  return conditions.flatMap(({ type, status = "" }, index) => {
    const place = `status.conditions[${index}]`;
    const errors = type === "" ? [required(`${place}.type`)] : [];
    const states = [...decided, "Failed"].includes(type) ? ["True"] : ["False", "True", "Unknown"];
    if (status === "") errors.push(required(`${place}.status`));
    else if (!states.includes(status)) errors.push(notSupported(`${place}.status`, status, states));
    const opposite = decided.find((other) => other !== type && decided.includes(type));
    if (opposite !== undefined && seen.has(opposite))
      errors.push(invalid("status.conditions", type, "Approved and Denied conditions are mutually exclusive"));
    if (seen.has(type)) errors.push(duplicate(`${place}.type`, type));
    seen.add(type);
    return errors;
  });
}

/** What a write may set: nobody but an approver decides, nobody but a signer signs. */
export type Part = "object" | "status" | "approval";

export function validateCertificateRequestUpdate(
  next: CertificateSigningRequest,
  current: CertificateSigningRequest,
  part: Part,
): FieldError[] {
  const errors = validateCertificateRequest(next);
  const of = ({ status }: CertificateSigningRequest, type: string): readonly CertificateSigningRequestCondition[] =>
    (status.conditions ?? []).filter((condition) => condition.type === type);
  for (const type of [...decided, "Failed"])
    if (of(next, type).length < of(current, type).length)
      errors.push(forbidden("status.conditions", `updates may not remove a condition of type "${type}"`));
  for (const type of part === "approval" ? [] : decided) {
    const [now, before] = [of(next, type), of(current, type)];
    if (now.length > before.length)
      errors.push(forbidden("status.conditions", `updates may not add a condition of type "${type}"`));
    else if (now.length === before.length && !equalJson(now, before)) {
      const detail = `updates may not modify a condition of type "${type}"\n${specDifference(before, now)}`;
      errors.push(forbidden("status.conditions", detail));
    }
  }
  const before = current.status.certificate;
  if (next.status.certificate === before) return errors;
  if (part !== "status") errors.push(forbidden("status.certificate", "updates may not set certificate content"));
  else if (before) errors.push(forbidden("status.certificate", "updates may not modify existing certificate content"));
  return errors;
}

/** Conditions without times get those of this change. */
export function stampConditions(
  next: CertificateSigningRequest,
  current: CertificateSigningRequest,
  now: string,
): void {
  for (const condition of next.status.conditions ?? []) {
    condition.lastUpdateTime ??= now;
    if (condition.lastTransitionTime) continue;
    const before = (current.status.conditions ?? []).find(
      ({ type, status }) => type === condition.type && status === condition.status,
    );
    condition.lastTransitionTime = before?.lastTransitionTime ?? now;
  }
}
