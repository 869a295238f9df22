import type { FieldError } from "../../object/field-error.ts";
import type {
  FlowSchema,
  LimitResponse,
  NonResourcePolicyRule,
  PriorityLevelConfiguration,
  QueuingConfiguration,
  ResourcePolicyRule,
  Subject,
} from "../../schema/data/types/flowcontrol-v1.ts";
import { duplicate, eachInvalid, forbidden, invalid, notSupported, required } from "../validation/errors.ts";
import { dnsLabel, dnsSubdomain } from "../validation/names.ts";

const PRECEDENCE_MAX = 10_000;
const QUEUES_MAX = 10_000_000;
/** Bits of the hash that deals the hands of queues. */
const HASH_BITS_MAX = 60;
const methods = ["ByNamespace", "ByUser"];
const verbs = ["create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch"];
const all = "*";

export function validateFlowSchema({ metadata, spec, status }: FlowSchema): FieldError[] {
  const errors: FieldError[] = [];
  const { matchingPrecedence: precedence = 0, distinguisherMethod: method } = spec;
  const place = "spec.matchingPrecedence";
  if (precedence <= 0) errors.push(invalid(place, precedence, "must be a positive value"));
  if (precedence > PRECEDENCE_MAX)
    errors.push(invalid(place, precedence, `must not be greater than ${PRECEDENCE_MAX}`));
  if (precedence === 1 && metadata.name !== "exempt")
    errors.push(invalid(place, precedence, "only the schema named 'exempt' may have matchingPrecedence 1"));
  if (method && !methods.includes(method.type))
    errors.push(notSupported("spec.distinguisherMethod.type", { Type: method.type }, methods));
  const level = spec.priorityLevelConfiguration.name;
  const levelPlace = "spec.priorityLevelConfiguration.name";
  if (level === "") errors.push(required(levelPlace, "must reference a priority level"));
  else errors.push(...eachInvalid(levelPlace, level, dnsSubdomain(level)));
  for (const [index, { subjects, resourceRules = [], nonResourceRules = [] }] of (spec.rules ?? []).entries()) {
    const at = `spec.rules[${index}]`;
    const list = subjects ?? [];
    if (list.length === 0) errors.push(required(`${at}.subjects`, "subjects must contain at least one value"));
    for (const [number, subject] of list.entries())
      errors.push(...validateSubject(subject, `${at}.subjects[${number}]`));
    if (resourceRules.length + nonResourceRules.length === 0)
      errors.push(required(at, "at least one of resourceRules and nonResourceRules has to be non-empty"));
    for (const [number, rule] of resourceRules.entries())
      errors.push(...validateResourceRule(rule, `${at}.resourceRules[${number}]`));
    for (const [number, rule] of nonResourceRules.entries())
      errors.push(...validateUrlRule(rule, `${at}.nonResourceRules[${number}]`));
  }
  return [...errors, ...validateConditions(status.conditions ?? [])];
}

const subjectFields = [
  ["ServiceAccount", "serviceAccount"],
  ["User", "user"],
  ["Group", "group"],
] as const;

function validateSubject(subject: Subject, field: string): FieldError[] {
  const own = subjectFields.find(([kind]) => kind === subject.kind);
  if (!own) return [notSupported(`${field}.kind`, subject.kind, ["Group", "ServiceAccount", "User"])];
  const [, name] = own;
  const errors = validateNamed(subject, own, field);
  for (const [kind, other] of subjectFields)
    if (other !== name && subject[other])
      errors.push(forbidden(`${field}.${other}`, `${other} is forbidden when subject kind is not '${kind}'`));
  return errors;
}

function validateNamed(subject: Subject, [kind, name]: (typeof subjectFields)[number], field: string): FieldError[] {
  const place = `${field}.${name}`;
  const given = subject[name];
  if (!given) return [required(place, `${name} is required when subject kind is '${kind}'`)];
  if (given.name === "" && kind !== "ServiceAccount") return [required(`${place}.name`)];
  if (kind !== "ServiceAccount") return [];
  const namespace = subject.serviceAccount?.namespace ?? "";
  const errors =
    given.name === ""
      ? [required(`${place}.name`)]
      : given.name === all
        ? []
        : eachInvalid(`${place}.name`, given.name, dnsSubdomain(given.name));
  if (namespace === "") errors.push(required(`${place}.namespace`, "must specify namespace for service account"));
  else errors.push(...eachInvalid(`${place}.namespace`, namespace, dnsLabel(namespace)));
  return errors;
}

function validateVerbs(given: readonly string[], field: string): FieldError[] {
  if (given.length === 0) return [required(field, "verbs must contain at least one value")];
  if (given.includes(all))
    return given.length > 1 ? [invalid(field, given, "if '*' is present, must not specify other verbs")] : [];
  return given.every((verb) => verbs.includes(verb)) ? [] : [notSupported(field, given, verbs)];
}

function validateUrlRule(rule: NonResourcePolicyRule, field: string): FieldError[] {
  const errors = validateVerbs(rule.verbs ?? [], `${field}.verbs`);
  const urls = rule.nonResourceURLs ?? [];
  const place = `${field}.nonResourceURLs`;
  if (urls.length === 0) errors.push(required(place, "nonResourceURLs must contain at least one value"));
  else if (urls.includes(all)) {
    if (urls.length > 1)
      errors.push(invalid(place, urls, "if '*' is present, must not specify other non-resource URLs"));
  } else for (const [index, url] of urls.entries()) errors.push(...validateUrl(url, `${place}[${index}]`));
  return errors;
}

function validateUrl(url: string, field: string): FieldError[] {
  if (url === "") return [invalid(field, url, "must not be empty")];
  if (url === "/") return [];
  if (!url.startsWith("/")) return [invalid(field, url, "must start with slash")];
  if (/\s/.test(url)) return [invalid(field, url, "must not contain white-space")];
  if (url.includes("//")) return [invalid(field, url, "must not contain double slash")];
  const star = url.indexOf(all);
  if (star === -1) return [];
  return star === url.length - 1 && url.endsWith("/*")
    ? []
    : [invalid(field, url, "wildcard can only do suffix matching")];
}

function validateResourceRule(rule: ResourcePolicyRule, field: string): FieldError[] {
  const { clusterScope = false } = rule;
  const namespaces = rule.namespaces ?? [];
  const errors = validateVerbs(rule.verbs ?? [], `${field}.verbs`);
  for (const [name, what] of [
    ["apiGroups", "api group"],
    ["resources", "resource"],
  ] as const) {
    const given = rule[name] ?? [];
    const place = `${field}.${name}`;
    if (given.length === 0) errors.push(required(place, `resource rules must supply at least one ${what}`));
    else if (given.length > 1 && given.includes(all))
      errors.push(invalid(place, given, `if '*' is present, must not specify other ${what}s`));
  }
  const place = `${field}.namespaces`;
  if (namespaces.length === 0 && !clusterScope) {
    const detail = "resource rules that are not cluster scoped must supply at least one namespace";
    errors.push(required(place, detail));
  } else if (namespaces.includes(all)) {
    if (namespaces.length > 1)
      errors.push(invalid(place, namespaces, "if '*' is present, must not specify other namespaces"));
  } else {
    const start = "each member of this list must be '*' or a DNS-1123 label; ";
    for (const [index, name] of namespaces.entries())
      errors.push(
        ...eachInvalid(
          `${place}[${index}]`,
          name,
          dnsLabel(name).map((message) => `${start}${message}`),
        ),
      );
  }
  return errors;
}

function validateConditions(conditions: readonly { readonly type?: string }[]): FieldError[] {
  const seen = new Set<string>();
  return conditions.flatMap(({ type = "" }, index) => {
    const place = `status.conditions[${index}].type`;
    const errors = seen.has(type) ? [duplicate(place, type)] : [];
    seen.add(type);
    return type === "" ? [...errors, required(place)] : errors;
  });
}

export function validateFlowSchemaStatus({ status }: FlowSchema): FieldError[] {
  return validateConditions(status.conditions ?? []);
}

export function validatePriorityLevelStatus({ status }: PriorityLevelConfiguration): FieldError[] {
  return validateConditions(status.conditions ?? []);
}

export function validatePriorityLevel({ metadata, spec, status }: PriorityLevelConfiguration): FieldError[] {
  const { type, limited, exempt } = spec;
  const errors: FieldError[] = [];
  if ((metadata.name === "exempt") !== (type === "Exempt"))
    errors.push(invalid("spec.type", type, "must be 'Exempt' if and only if `name` is 'exempt'"));
  if (type === "Exempt") {
    if (limited) errors.push(forbidden("spec.limited", "must be nil if the type is not Limited"));
    if (exempt) errors.push(...validateShares(exempt, "spec.exempt"));
  } else if (type === "Limited") {
    if (exempt) errors.push(forbidden("spec.exempt", "must be nil if the type is Limited"));
    if (limited) errors.push(...validateLimited(limited, "spec.limited"));
    else errors.push(required("spec.limited", "must not be empty when type is Limited"));
  } else errors.push(notSupported("spec.type", type, ["Exempt", "Limited"]));
  return [...errors, ...validateConditions(status.conditions ?? [])];
}

interface Shares {
  readonly nominalConcurrencyShares?: number | null;
  readonly lendablePercent?: number;
}

function validateShares({ nominalConcurrencyShares }: Shares, field: string): FieldError[] {
  const shares = nominalConcurrencyShares ?? 0;
  return shares < 0 ? [invalid(`${field}.nominalConcurrencyShares`, shares, "must be a non-negative integer")] : [];
}

function validateLimited(
  limited: NonNullable<PriorityLevelConfiguration["spec"]["limited"]>,
  field: string,
): FieldError[] {
  const { limitResponse, lendablePercent: lent = 0, borrowingLimitPercent: borrowed = 0 } = limited;
  const errors = [...validateShares(limited, field), ...validateResponse(limitResponse, `${field}.limitResponse`)];
  if (lent < 0 || lent > 100)
    errors.push(invalid(`${field}.lendablePercent`, lent, "must be between 0 and 100, inclusive"));
  if (borrowed < 0)
    errors.push(invalid(`${field}.borrowingLimitPercent`, borrowed, "if specified, must be a non-negative integer"));
  return errors;
}

function validateResponse({ type, queuing }: LimitResponse, field: string): FieldError[] {
  const place = `${field}.queuing`;
  if (type === "Reject")
    return queuing ? [forbidden(place, "must be nil if limited.limitResponse.type is not Limited")] : [];
  if (type !== "Queue") return [notSupported(`${field}.type`, type, ["Queue", "Reject"])];
  if (!queuing) return [required(place, "must not be empty if limited.limitResponse.type is Limited")];
  return validateQueues(queuing, place);
}

function validateQueues(queuing: QueuingConfiguration, field: string): FieldError[] {
  const { queues = 0, handSize: hand = 0, queueLengthLimit: length = 0 } = queuing;
  const errors: FieldError[] = [];
  if (length <= 0) errors.push(invalid(`${field}.queueLengthLimit`, length, "must be positive"));
  if (queues <= 0) errors.push(invalid(`${field}.queues`, queues, "must be positive"));
  else if (queues > QUEUES_MAX)
    errors.push(invalid(`${field}.queues`, queues, `must not be greater than ${QUEUES_MAX}`));
  if (hand <= 0) errors.push(invalid(`${field}.handSize`, hand, "must be positive"));
  else if (hand > queues)
    errors.push(invalid(`${field}.handSize`, hand, `should not be greater than queues (${queues})`));
  else if (entropyBits(queues, hand) > HASH_BITS_MAX) {
    const detail = `required entropy bits of deckSize ${queues} and handSize ${hand} should not be greater than ${HASH_BITS_MAX}`;
    errors.push(invalid(`${field}.handSize`, hand, detail));
  }
  return errors;
}

function entropyBits(deck: number, hand: number): number {
  return Math.ceil(Math.log2(deck) * hand);
}
