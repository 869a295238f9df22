import { decode } from "@fairway/yaml";
import type { Attributes } from "../attributes.ts";

export type AuditLevel = "None" | "Metadata" | "Request" | "RequestResponse";
export type AuditStage = "RequestReceived" | "ResponseStarted" | "ResponseComplete" | "Panic";

/** Which requests are logged, and how much of them. As Kubernetes has it in `audit.k8s.io/v1`. */
export interface AuditPolicy {
  /** The first that fits a request decides. What none fits is not logged. */
  readonly rules: readonly AuditRule[];
  readonly omitStages: readonly AuditStage[];
  readonly omitManagedFields: boolean;
}

export interface AuditRule {
  readonly level: AuditLevel;
  readonly users?: readonly string[];
  readonly userGroups?: readonly string[];
  readonly verbs?: readonly string[];
  readonly resources?: readonly AuditResources[];
  readonly namespaces?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
  readonly omitStages?: readonly AuditStage[];
  readonly omitManagedFields?: boolean;
}

interface AuditResources {
  readonly group?: string;
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
}

export interface AuditDecision {
  readonly level: AuditLevel;
  readonly omitStages: readonly AuditStage[];
  readonly omitManagedFields: boolean;
}

export type AuditErrorCode = "bad-policy";

export class AuditError extends Error {
  readonly code: AuditErrorCode;

  constructor(message: string) {
    super(message);
    this.name = "AuditError";
    this.code = "bad-policy";
  }
}

const levels: readonly string[] = ["None", "Metadata", "Request", "RequestResponse"];
const stages: readonly string[] = ["RequestReceived", "ResponseStarted", "ResponseComplete", "Panic"];

/** Reads a policy file; throws an AuditError that says what is wrong where. */
export function readAuditPolicy(text: string): AuditPolicy {
  const value = decode(text) as Partial<AuditPolicy> & { readonly apiVersion?: string; readonly kind?: string };
  if (value?.apiVersion !== "audit.k8s.io/v1" || value.kind !== "Policy")
    throw new AuditError(
      `The audit policy has to be a Policy of audit.k8s.io/v1, not a ${value?.kind ?? "nothing"} of ${value?.apiVersion ?? "nothing"}.`,
    );
  const { rules = [], omitStages = [], omitManagedFields = false } = value;
  if (rules.length === 0) throw new AuditError("The audit policy has no rules, so that nothing would be logged.");
  for (const [index, { level, omitStages: omitted = [] }] of rules.entries()) {
    if (!levels.includes(level))
      throw new AuditError(`rules[${index}].level is ${level ?? "missing"}; it can be ${levels.join(", ")}.`);
    const unknown = omitted.find((stage) => !stages.includes(stage));
    if (unknown !== undefined)
      throw new AuditError(`rules[${index}].omitStages has ${unknown}; stages are ${stages.join(", ")}.`);
  }
  return { rules, omitStages, omitManagedFields };
}

export function decideAudit(policy: AuditPolicy, attributes: Attributes): AuditDecision {
  const rule = policy.rules.find((each) => fits(each, attributes));
  if (!rule) return { level: "None", omitStages: policy.omitStages, omitManagedFields: policy.omitManagedFields };
  return {
    level: rule.level,
    omitStages: [...policy.omitStages, ...(rule.omitStages ?? [])],
    omitManagedFields: rule.omitManagedFields ?? policy.omitManagedFields,
  };
}

function fits(rule: AuditRule, attributes: Attributes): boolean {
  const { user, verb } = attributes;
  const { users, userGroups, verbs, namespaces = [], resources = [], nonResourceURLs = [] } = rule;
  if (users?.length && !users.includes(user.name)) return false;
  if (userGroups?.length && !user.groups.some((group) => userGroups.includes(group))) return false;
  if (verbs?.length && !verbs.includes(verb)) return false;
  if (namespaces.length > 0 || resources.length > 0) return fitsObject(rule, attributes);
  if (nonResourceURLs.length === 0) return true;
  return attributes.kind === "path" && nonResourceURLs.some((url) => covers(url, attributes.path));
}

function fitsObject({ namespaces = [], resources = [] }: AuditRule, attributes: Attributes): boolean {
  if (attributes.kind === "path") return false;
  const { namespace, group, resource, subresource, name } = attributes;
  if (namespaces.length > 0 && !namespaces.includes(namespace)) return false;
  if (resources.length === 0) return true;
  const whole = subresource === "" ? resource : `${resource}/${subresource}`;
  return resources.some((each) => {
    if ((each.group ?? "") !== group) return false;
    const { resources: names = [], resourceNames = [] } = each;
    if (names.length === 0) return true;
    if (resourceNames.length > 0 && !resourceNames.includes(name)) return false;
    return names.some(
      (text) =>
        text === whole ||
        text === "*" ||
        (subresource !== "" && text === `*/${subresource}`) ||
        text === `${resource}/*`,
    );
  });
}

/** A star counts at the end only. */
function covers(url: string, path: string): boolean {
  return url === path || (url.endsWith("*") && path.startsWith(url.replace(/\*+$/, "")));
}
