import { compareQuantities, formatQuantity, nanosOf, parseQuantity, sumQuantities } from "../../object/quantity.ts";
import type { KubeObject } from "../../object/kube-object.ts";
import { totalOf } from "../limits/pod-totals.ts";
import type { Amounts, PodObject } from "../pod-shape.ts";
import { classOf } from "../steps/storage.ts";

/** What one object uses up of a quota, by the names that quotas have for it. */
export interface QuotaKind {
  readonly usage: (object: KubeObject, now: Date) => Amounts;
  /** Whether an amount of this name counts objects of the kind. */
  readonly counts: (name: string) => boolean;
}

interface Service extends KubeObject {
  spec: {
    readonly type?: string;
    readonly ports?: readonly { readonly nodePort?: number }[];
    readonly allocateLoadBalancerNodePorts?: boolean;
  };
}

interface Claim extends KubeObject {
  spec: { readonly storageClassName?: string; readonly resources?: { readonly requests?: Amounts } };
  status?: { readonly allocatedResources?: Amounts };
}

const computed = ["cpu", "memory", "ephemeral-storage"] as const;
const ofPods = new Set([
  "pods",
  "count/pods",
  ...computed.flatMap((name) => [name, `requests.${name}`, `limits.${name}`]),
]);
const oldNames = new Set(["configmaps", "resourcequotas", "replicationcontrollers", "secrets"]);
const storageSuffix = ".storageclass.storage.k8s.io/";

/** How objects of a kind are counted; most are counted by number alone. */
export function quotaKind(plural: string, group: string): QuotaKind {
  if (group === "") {
    const known = special[plural];
    if (known) return known;
  }
  const names = [
    `count/${plural}${group === "" ? "" : `.${group}`}`,
    ...(group === "" && oldNames.has(plural) ? [plural] : []),
  ];
  const amounts = Object.fromEntries(names.map((name) => [name, "1"]));
  return { usage: () => amounts, counts: (name) => names.includes(name) };
}

const special: Readonly<Record<string, QuotaKind>> = {
  pods: {
    usage: (object, now) => podUsage(object as PodObject, now),
    counts: (name) => ofPods.has(name) || isExtended(name),
  },
  services: {
    usage: (object) => serviceUsage(object as Service),
    counts: (name) => ["count/services", "services", "services.nodeports", "services.loadbalancers"].includes(name),
  },
  persistentvolumeclaims: {
    usage: (object) => claimUsage(object as Claim),
    counts: (name) =>
      ["count/persistentvolumeclaims", "persistentvolumeclaims", "requests.storage"].includes(name) ||
      name.endsWith(`${storageSuffix}persistentvolumeclaims`) ||
      name.endsWith(`${storageSuffix}requests.storage`),
  },
};

/** Things with a domain of their own, and large pages: quotas count what is requested of them. */
function isExtended(name: string): boolean {
  if (name.startsWith("hugepages-") || name.startsWith("requests.hugepages-")) return true;
  return name.startsWith("requests.") && name.includes("/") && !name.includes("kubernetes.io/");
}

/** A pod that has ended, or should have long ago, uses nothing but its place. */
function podUsage(pod: PodObject, now: Date): Amounts {
  if (hasEnded(pod, now)) return { "count/pods": "1" };
  const overhead = pod.spec.overhead ?? {};
  const requests = plus(totalOf(pod.spec, "requests"), overhead);
  const limits = totalOf(pod.spec, "limits");
  return { "count/pods": "1", ...computeUsage(requests, plusKnown(limits, overhead)) };
}

function plus(amounts: Amounts, more: Amounts): Amounts {
  const names = new Set([...Object.keys(amounts), ...Object.keys(more)]);
  return Object.fromEntries([...names].map((name) => [name, sumQuantities([amounts[name], more[name]])]));
}

function plusKnown(amounts: Amounts, more: Amounts): Amounts {
  return Object.fromEntries(
    Object.entries(amounts).map(([name, amount]) => [name, sumQuantities([amount, more[name]])]),
  );
}

/** What containers say, by the names that quotas have for it. */
export function computeUsage(requests: Amounts, limits: Amounts): Amounts {
  const usage: Amounts = { pods: "1" };
  for (const name of computed) {
    const request = requests[name];
    const limit = limits[name];
    if (request !== undefined) usage[name] = usage[`requests.${name}`] = request;
    if (limit !== undefined) usage[`limits.${name}`] = limit;
  }
  for (const [name, request] of Object.entries(requests)) {
    if (name.startsWith("hugepages-")) usage[name] = usage[`requests.${name}`] = request;
    else if (name.includes("/") && !name.includes("kubernetes.io/")) usage[`requests.${name}`] = request;
  }
  return usage;
}

function hasEnded({ metadata, ...pod }: PodObject, now: Date): boolean {
  const { phase = "" } = (pod["status"] ?? {}) as { phase?: string };
  if (phase === "Failed" || phase === "Succeeded") return true;
  const { deletionTimestamp, deletionGracePeriodSeconds } = metadata;
  if (deletionTimestamp === undefined || deletionGracePeriodSeconds === undefined) return false;
  return now.getTime() > Date.parse(deletionTimestamp) + deletionGracePeriodSeconds * 1_000;
}

function serviceUsage({ spec: { type = "", ports = [], allocateLoadBalancerNodePorts } }: Service): Amounts {
  const isBalanced = type === "LoadBalancer";
  const counted =
    isBalanced && allocateLoadBalancerNodePorts === false ? ports.filter(({ nodePort }) => nodePort) : ports;
  return {
    "count/services": "1",
    services: "1",
    "services.loadbalancers": isBalanced ? "1" : "0",
    "services.nodeports": String(isBalanced || type === "NodePort" ? counted.length : 0),
  };
}

function claimUsage(claim: Claim): Amounts {
  const storageClass = classOf(claim);
  const requested = claim.spec.resources?.requests?.["storage"];
  const allocated = claim.status?.allocatedResources?.["storage"];
  const storage =
    requested !== undefined && allocated !== undefined && compareQuantities(allocated, requested) > 0
      ? allocated
      : requested;
  const amounts: Amounts = {
    persistentvolumeclaims: "1",
    ...(storage === undefined ? {} : { "requests.storage": storage }),
  };
  const ofClass = Object.entries(amounts).map(([name, amount]) => [`${storageClass}${storageSuffix}${name}`, amount]);
  return {
    "count/persistentvolumeclaims": "1",
    ...amounts,
    ...(storageClass === "" ? {} : (Object.fromEntries(ofClass) as Amounts)),
  };
}

/** What is more now than before; an update never gives back. */
export function increase(now: Amounts, before: Amounts): Amounts {
  const grown = Object.entries(now).map(([name, amount]) => [name, difference(amount, before[name] ?? "0")] as const);
  return Object.fromEntries(grown.filter(([, amount]) => amount !== "0"));
}

function difference(left: string, right: string): string {
  const nanos = nanosOf(left) - nanosOf(right);
  const { format } = parseQuantity(left) ?? { format: "decimal" as const };
  return nanos <= 0n ? "0" : formatQuantity({ nanos, format });
}
