import type { FieldError } from "../../object/field-error.ts";
import type { KubeObject } from "../../object/kube-object.ts";
import { describeViolations, violationsOf } from "./evaluate.ts";
import { containersOf, type PodShape } from "./pod.ts";
import { policyOf, strictness, type LevelVersion, type Policy } from "./policy.ts";

/** What becomes of a request: refused with the words after "is forbidden: ", or let through with warnings. */
export interface PodSecurityVerdict {
  readonly forbidden: string | undefined;
  readonly warnings: readonly string[];
  readonly auditAnnotations: Readonly<Record<string, string>>;
}

/** Nothing is said of it. */
const passed: PodSecurityVerdict = { forbidden: undefined, warnings: [], auditAnnotations: {} };

const auditPrefix = "pod-security.kubernetes.io/";

/** Pods that a change of a namespace is checked against; more would make the change wait. */
const existingPodsMax = 3_000;

/** Of a pod: enforced, audited and warned of. Its subresources other than `ephemeralcontainers` and `resize` are of no interest. */
export function checkPod(
  pod: KubeObject,
  namespaceLabels: Readonly<Record<string, string>>,
  before?: KubeObject,
): PodSecurityVerdict {
  if (before && !isSignificant(asPod(pod), asPod(before))) return passed;
  const { policy } = policyOf(namespaceLabels);
  if (Object.values(policy).every(({ level }) => level === "privileged")) return passed;
  const refused = sentence(asPod(pod), policy.enforce, "violates");
  return {
    forbidden: refused,
    warnings: refused === undefined ? warningsOf(asPod(pod), policy) : [],
    auditAnnotations: { [`${auditPrefix}enforce-policy`]: shown(policy.enforce), ...auditOf(asPod(pod), policy) },
  };
}

/** Of what makes pods: never refused, because a pod of it may still be changed before it is made. */
export function checkTemplate(
  object: KubeObject,
  namespaceLabels: Readonly<Record<string, string>>,
): PodSecurityVerdict {
  const template = templateOf(object);
  if (!template) return passed;
  const { policy } = policyOf(namespaceLabels);
  return { forbidden: undefined, warnings: warningsOf(template, policy), auditAnnotations: auditOf(template, policy) };
}

/** The labels of a namespace must be readable when they are new. */
export function checkNamespaceLabels(
  labels: Readonly<Record<string, string>>,
  before: Readonly<Record<string, string>> | undefined,
): readonly FieldError[] {
  const { errors } = policyOf(labels);
  const known = before ? policyOf(before).errors : [];
  return JSON.stringify(errors) === JSON.stringify(known) ? [] : errors;
}

/** Says which pods of a namespace would no longer be let in, when it becomes stricter. */
export function checkExistingPods(
  {
    name,
    labels,
    before,
  }: { name: string; labels: Readonly<Record<string, string>>; before: Readonly<Record<string, string>> },
  pods: () => readonly KubeObject[],
): readonly string[] {
  const next = policyOf(labels).policy.enforce;
  const current = policyOf(before).policy.enforce;
  if (shown(next) === shown(current) || next.level === "privileged") return [];
  if (next.version === current.version && strictness(next.level) <= strictness(current.level)) return [];
  const all = oneOfEachOwnerFirst(pods());
  const checked = all.slice(0, existingPodsMax);
  const byReason = Map.groupBy(
    checked.filter((pod) => violationsOf(asPod(pod), next).length > 0),
    (pod) =>
      violationsOf(asPod(pod), next)
        .map(({ reason }) => reason)
        .join(", "),
  );
  const found = [...byReason].map(([reason, wrong]) => `${firstOf(wrong)}: ${reason}`).toSorted();
  return [
    ...(checked.length < all.length
      ? [
          `new PodSecurity enforce level only checked against the first ${checked.length} of ${all.length} existing pods`,
        ]
      : []),
    ...(found.length > 0
      ? [`existing pods in namespace "${name}" violate the new PodSecurity enforce level "${shown(next)}"`]
      : []),
    ...found,
  ];
}

function firstOf(pods: readonly KubeObject[]): string {
  const [first = ""] = pods.map(({ metadata }) => metadata.name ?? "").toSorted();
  const others = pods.length - 1;
  return others === 0 ? first : `${first} (and ${others} other ${others === 1 ? "pod" : "pods"})`;
}

function oneOfEachOwnerFirst(pods: readonly KubeObject[]): readonly KubeObject[] {
  const seen = new Set<string>();
  const isFirst = (pod: KubeObject): boolean => {
    const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller)?.uid;
    if (owner === undefined || !seen.has(owner)) return Boolean(owner === undefined || seen.add(owner));
    return false;
  };
  const { first = [], later = [] } = Object.groupBy(pods, (pod) => (isFirst(pod) ? "first" : "later"));
  return [...first, ...later];
}

function warningsOf(pod: PodShape, policy: Policy): readonly string[] {
  const warning = sentence(pod, policy.warn, "would violate");
  return warning === undefined ? [] : [warning];
}

function auditOf(pod: PodShape, policy: Policy): Readonly<Record<string, string>> {
  const violated = sentence(pod, policy.audit, "would violate");
  return violated === undefined ? {} : { [`${auditPrefix}audit-violations`]: violated };
}

function sentence(pod: PodShape, level: LevelVersion, verb: string): string | undefined {
  const violations = violationsOf(pod, level);
  return violations.length === 0
    ? undefined
    : `${verb} PodSecurity "${shown(level)}": ${describeViolations(violations)}`;
}

function shown({ level, version }: LevelVersion): string {
  return `${level}:${version}`;
}

/** Of a running pod only images can change in ways that matter; that and new containers are looked at again. */
function isSignificant(next: PodShape, before: PodShape): boolean {
  const images = (pod: PodShape) => containersOf(pod.spec ?? {}).map(({ name, image }) => `${name}=${image ?? ""}`);
  return images(next).toSorted().join("\n") !== images(before).toSorted().join("\n");
}

function templateOf(object: KubeObject): PodShape | undefined {
  const holder = object as {
    template?: PodShape;
    spec?: { template?: PodShape; jobTemplate?: { spec?: { template?: PodShape } } };
  };
  if (object.kind === "PodTemplate") return holder.template;
  return object.kind === "CronJob" ? holder.spec?.jobTemplate?.spec?.template : holder.spec?.template;
}

/** The schema of pods has been checked before. */
function asPod(object: KubeObject): PodShape {
  return object as PodShape;
}
