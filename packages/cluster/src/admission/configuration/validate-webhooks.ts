import { BOOL } from "@fairway/cel";
import { duplicate, eachInvalid, invalid, notSupported, required } from "../../kinds/validation/errors.ts";
import { validateLabelSelector, type LabelSelector } from "../../kinds/validation/labels.ts";
import { dns1035Label, dnsSubdomain } from "../../kinds/validation/names.ts";
import { portNumber } from "../../kinds/validation/numbers.ts";
import type { FieldError } from "../../object/field-error.ts";
import { admissionEnvironment } from "../expressions/declared.ts";
import type { ClientConfig, Webhook } from "../webhooks/webhook-objects.ts";
import { validateConditions } from "./validate-expressions.ts";
import { failurePolicies, matchPolicies, validateRule } from "./validate-rules.ts";

const harmless = ["None", "NoneOnDryRun"];
const reinvocations = ["IfNeeded", "Never"];
const reviews = ["v1", "v1beta1"];
const secondsMax = 30;

export function validateWebhooks(webhooks: readonly Webhook[]): FieldError[] {
  const names = webhooks.map(({ name = "" }) => name);
  return webhooks.flatMap((webhook, index) => {
    const field = `webhooks[${index}]`;
    const name = names[index] ?? "";
    return [
      ...validateWebhook(webhook, field),
      ...validateReviews(webhook.admissionReviewVersions ?? [], `${field}.admissionReviewVersions`),
      ...(name !== "" && names.indexOf(name) < index ? [duplicate(`${field}.name`, name)] : []),
    ];
  });
}

function validateWebhook(webhook: Webhook, field: string): FieldError[] {
  const { sideEffects, timeoutSeconds, clientConfig, matchConditions = [] } = webhook;
  const choice = (
    name: "failurePolicy" | "matchPolicy" | "reinvocationPolicy",
    choices: readonly string[],
  ): FieldError[] => {
    const value = webhook[name];
    return value === undefined || choices.includes(value) ? [] : [notSupported(`${field}.${name}`, value, choices)];
  };
  const selector = (name: "namespaceSelector" | "objectSelector"): FieldError[] =>
    validateLabelSelector(webhook[name] as LabelSelector | undefined, `${field}.${name}`);
  return [
    ...validateName(webhook.name ?? "", `${field}.name`),
    ...(webhook.rules ?? []).flatMap((rule, index) => validateRule(rule, `${field}.rules[${index}]`)),
    ...choice("failurePolicy", failurePolicies),
    ...choice("matchPolicy", matchPolicies),
    ...(sideEffects === undefined
      ? [required(`${field}.sideEffects`, `must specify one of ${harmless.join(", ")}`)]
      : harmless.includes(sideEffects)
        ? []
        : [notSupported(`${field}.sideEffects`, sideEffects, harmless)]),
    ...(timeoutSeconds !== undefined && (timeoutSeconds > secondsMax || timeoutSeconds < 1)
      ? [invalid(`${field}.timeoutSeconds`, timeoutSeconds, "the timeout value must be between 1 and 30 seconds")]
      : []),
    ...selector("namespaceSelector"),
    ...selector("objectSelector"),
    ...choice("reinvocationPolicy", reinvocations),
    ...validateClient(clientConfig ?? {}, `${field}.clientConfig`),
    ...validateConditions(admissionEnvironment({ hasParams: false }), matchConditions, {
      field: `${field}.matchConditions`,
      type: BOOL,
    }),
  ];
}

function validateName(name: string, field: string): FieldError[] {
  if (name === "") return [required(field)];
  const errors = dnsSubdomain(name);
  if (errors.length > 0) return [invalid(field, name, errors.join(","))];
  return name.split(".").length < 3
    ? [invalid(field, name, "should be a domain with at least three segments separated by dots")]
    : [];
}

function validateReviews(versions: readonly string[], field: string): FieldError[] {
  if (versions.length === 0) return [required(field, `must specify one of ${reviews.join(", ")}`)];
  return [
    ...versions.flatMap((version, index) =>
      versions.indexOf(version) < index
        ? [invalid(`${field}[${index}]`, version, "duplicate version")]
        : eachInvalid(`${field}[${index}]`, version, dns1035Label(version)),
    ),
    ...(versions.some((version) => reviews.includes(version))
      ? []
      : [invalid(field, versions, `must include at least one of ${reviews.join(", ")}`)]),
  ];
}

function validateClient({ url, service }: ClientConfig, field: string): FieldError[] {
  if ((url === undefined) === (service === undefined))
    return [required(field, "exactly one of url or service is required")];
  return url === undefined ? validateService(service ?? {}, `${field}.service`) : validateUrl(url, `${field}.url`);
}

const form = "; desired format: https://host[/path]";

function validateUrl(text: string, field: string): FieldError[] {
  const url = URL.parse(text);
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(text)?.[1] ?? "";
  const errors: FieldError[] = [];
  if (scheme !== "https") errors.push(invalid(field, scheme, `'https' is the only allowed URL scheme${form}`));
  if (!url || url.host === "") return [...errors, invalid(field, "", `host must be specified${form}`)];
  if (url.username !== "") errors.push(invalid(field, url.username, "user information is not permitted in the URL"));
  if (url.hash.length > 1) errors.push(invalid(field, url.hash.slice(1), "fragments are not permitted in the URL"));
  if (url.search.length > 1)
    errors.push(invalid(field, url.search.slice(1), "query parameters are not permitted in the URL"));
  return errors;
}

function validateService(
  { name = "", namespace = "", path, port = 443 }: NonNullable<ClientConfig["service"]>,
  field: string,
): FieldError[] {
  const ofPort = portNumber(port);
  return [
    ...(name === "" ? [required(`${field}.name`)] : []),
    ...(namespace === "" ? [required(`${field}.namespace`)] : []),
    ...(ofPort.length > 0 ? [invalid(`${field}.port`, port, `port is not valid: ${ofPort.join(", ")}`)] : []),
    ...(path === undefined || path === "" || path === "/" ? [] : validatePath(path, `${field}.path`)),
  ];
}

function validatePath(path: string, field: string): FieldError[] {
  if (path === "//") return [invalid(field, path, "segment[0] may not be empty")];
  const steps = path.slice(1).replace(/\/$/, "").split("/");
  return [
    ...(path.startsWith("/") ? [] : [invalid(field, path, "must start with a '/'")]),
    ...steps.flatMap((step, index) =>
      step === ""
        ? [invalid(field, path, `segment[${index}] may not be empty`)]
        : dnsSubdomain(step).map((why) => invalid(field, path, `segment[${index}]: ${why}`)),
    ),
  ];
}
