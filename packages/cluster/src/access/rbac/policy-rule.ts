import type { Attributes } from "../attributes.ts";

/** As roles hold it. */
export interface PolicyRule {
  readonly verbs?: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

export function ruleAllows(rule: PolicyRule, wanted: Attributes): boolean {
  if (!hasOrAll(rule.verbs, wanted.verb)) return false;
  if (wanted.kind === "path") return (rule.nonResourceURLs ?? []).some((url) => urlCovers(url, wanted.path));
  const { group, resource, subresource, name } = wanted;
  return (
    hasOrAll(rule.apiGroups, group) &&
    coversResource(rule.resources ?? [], subresource === "" ? resource : `${resource}/${subresource}`) &&
    (!rule.resourceNames?.length || rule.resourceNames.includes(name))
  );
}

/** The parts of the wanted rules that none of the owned ones gives; each with one verb, resource and name. */
export function notCovered(owned: readonly PolicyRule[], wanted: readonly PolicyRule[]): readonly PolicyRule[] {
  return wanted.flatMap(atoms).filter((atom) => !owned.some((rule) => covers(rule, atom)));
}

/** `{APIGroups:[""], Resources:["pods"], Verbs:["get" "list"]}`, in order: a line for each resource, and for each verb of a path. */
export function describeRules(rules: readonly PolicyRule[]): readonly string[] {
  const joined = Map.groupBy(rules, (rule) =>
    JSON.stringify(rule.nonResourceURLs ? rule : { ...rule, verbs: undefined }),
  );
  const whole = [...joined.values()].map((same) => ({ ...same[0], verbs: same.flatMap(({ verbs }) => verbs ?? []) }));
  return [...new Set(whole.map(describe))].toSorted();
}

function describe(rule: PolicyRule): string {
  const parts: readonly (readonly [string, readonly string[] | undefined])[] = [
    ["APIGroups", rule.apiGroups],
    ["Resources", rule.resources],
    ["NonResourceURLs", rule.nonResourceURLs],
    ["ResourceNames", rule.resourceNames],
    ["Verbs", rule.verbs],
  ];
  const shown = parts.flatMap(([name, values]) => (values?.length ? [`${name}:${goList(values)}`] : []));
  return `{${shown.join(", ")}}`;
}

/** A list of texts as Go prints it with `%q`. */
export function goList(values: readonly string[]): string {
  return `[${values.map((value) => JSON.stringify(value)).join(" ")}]`;
}

function atoms({
  verbs = [],
  apiGroups = [],
  resources = [],
  resourceNames = [],
  nonResourceURLs = [],
}: PolicyRule): readonly PolicyRule[] {
  const ofResources = apiGroups.flatMap((group) =>
    resources.flatMap((resource) =>
      verbs.flatMap((verb): readonly PolicyRule[] => {
        const atom = { apiGroups: [group], resources: [resource], verbs: [verb] };
        return resourceNames.length === 0 ? [atom] : resourceNames.map((name) => ({ ...atom, resourceNames: [name] }));
      }),
    ),
  );
  return [
    ...ofResources,
    ...nonResourceURLs.flatMap((url) => verbs.map((verb) => ({ nonResourceURLs: [url], verbs: [verb] }))),
  ];
}

function covers(rule: PolicyRule, atom: PolicyRule): boolean {
  const all = (values: readonly string[] | undefined, covered: (value: string) => boolean) =>
    (values ?? []).every(covered);
  return (
    all(atom.verbs, (verb) => hasOrAll(rule.verbs, verb)) &&
    all(atom.apiGroups, (group) => hasOrAll(rule.apiGroups, group)) &&
    all(atom.resources, (resource) => coversResource(rule.resources ?? [], resource)) &&
    all(atom.nonResourceURLs, (url) => (rule.nonResourceURLs ?? []).some((own) => urlCovers(own, url))) &&
    (!rule.resourceNames?.length ||
      (Boolean(atom.resourceNames?.length) &&
        all(atom.resourceNames, (name) => rule.resourceNames?.includes(name) ?? false)))
  );
}

/** `pods/log` is also given by `*`, and by `*` before the slash. */
function coversResource(resources: readonly string[], wanted: string): boolean {
  const slash = wanted.indexOf("/");
  return (
    resources.includes("*") ||
    resources.includes(wanted) ||
    (slash !== -1 && resources.includes(`*${wanted.slice(slash)}`))
  );
}

/** A star counts at the end only. */
function urlCovers(own: string, wanted: string): boolean {
  return own === wanted || (own.endsWith("*") && wanted.startsWith(own.replace(/\*+$/, "")));
}

function hasOrAll(values: readonly string[] | undefined, wanted: string): boolean {
  return values !== undefined && (values.includes(wanted) || values.includes("*"));
}
