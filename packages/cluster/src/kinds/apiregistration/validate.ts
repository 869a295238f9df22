import type { FieldError } from "../../object/field-error.ts";
import type { APIService } from "../../schema/data/types/apiregistration-v1.ts";
import { eachInvalid, invalid, notSupported, required } from "../validation/errors.ts";
import { dns1035Label, dnsSubdomain } from "../validation/names.ts";
import { portNumber } from "../validation/numbers.ts";

const GROUP_PRIORITY_MAX = 20_000;
const VERSION_PRIORITY_MAX = 1000;

export function validateApiService({ metadata, spec }: APIService): FieldError[] {
  const { group = "", version = "", service, caBundle, insecureSkipTLSVerify: isInsecure = false } = spec;
  const errors: FieldError[] = [];
  const expected = `${version}.${group}`;
  if (metadata.name && metadata.name !== expected) {
    const detail = `must be \`spec.version+"."+spec.group\`: ${JSON.stringify(expected)}`;
    errors.push(invalid("metadata.name", metadata.name, detail));
  }
  if (group === "" && version !== "v1")
    errors.push(required("spec.group", "only v1 may have an empty group and it better be legacy kube"));
  if (group !== "") errors.push(...eachInvalid("spec.group", group, dnsSubdomain(group)));
  errors.push(...eachInvalid("spec.version", version, dns1035Label(version)));
  const { groupPriorityMinimum: least, versionPriority: priority } = spec;
  if (least <= 0 || least > GROUP_PRIORITY_MAX)
    errors.push(invalid("spec.groupPriorityMinimum", least, "must be positive and less than 20000"));
  if (priority <= 0 || priority > VERSION_PRIORITY_MAX)
    errors.push(invalid("spec.versionPriority", priority, "must be positive and less than 1000"));
  const bytes = Buffer.byteLength(caBundle ?? "", "base64");
  const insecure = "spec.insecureSkipTLSVerify";
  if (!service) {
    if (bytes > 0) errors.push(invalid("spec.caBundle", `${bytes} bytes`, "local APIServices may not have a caBundle"));
    if (isInsecure) errors.push(invalid(insecure, true, "local APIServices may not have insecureSkipTLSVerify"));
    return errors;
  }
  if (!service.namespace) errors.push(required("spec.service.namespace"));
  if (!service.name) errors.push(required("spec.service.name"));
  const wrong = portNumber(service.port ?? 0);
  if (wrong.length > 0)
    errors.push(invalid("spec.service.port", service.port ?? 0, `port is not valid: ${wrong.join(", ")}`));
  if (isInsecure && bytes > 0) errors.push(invalid(insecure, true, "may not be true if caBundle is present"));
  return errors;
}

export function validateApiServiceStatus({ status }: APIService): FieldError[] {
  const states = ["True", "False", "Unknown"];
  return (status.conditions ?? []).flatMap((condition, index) =>
    states.includes(condition.status)
      ? []
      : [notSupported(`status.conditions[${index}].status`, condition.status, states)],
  );
}
