import type { KubeObject } from "../../object/kube-object.ts";
import { pathOf, resources } from "../../loop/index.ts";
import type { ControllerContext, Resource } from "../../loop/index.ts";
import type { Pod } from "../../model/pod.ts";
import { parseQuantity } from "../../model/quantity.ts";
import { claimUsage, podMatchesScope, podUsage, scopesOf, serviceUsage } from "../../model/quota-usage.ts";
import type { QuotaSpec, Usage, Usages } from "../../model/quota-usage.ts";

const zero: Usage = { amount: 0n, family: "decimal" };

/** The names by which some kinds are counted besides `count/...`. */
const plainNames = new Map([
  ["configmaps", "configmaps"],
  ["resourcequotas", "resourcequotas"],
  ["replicationcontrollers", "replicationcontrollers"],
  ["secrets", "secrets"],
]);

/** Adds up what the objects of a namespace count for. */
export class NamespaceUsage {
  private readonly context: ControllerContext;
  /** What an object counts for doesn't change; a changed object is another one. */
  private readonly known = new WeakMap<KubeObject, Usages>();

  constructor(context: ControllerContext) {
    this.context = context;
    for (const resource of [resources.pods, resources.services, resources.persistentVolumeClaims]) {
      context.informers.of(resource);
    }
  }

  /** A name that nobody knows how to count is left out. */
  async measure(
    namespace: string,
    spec: QuotaSpec,
    names: readonly string[],
    now: number,
  ): Promise<ReadonlyMap<string, Usage>> {
    const scopes = scopesOf(spec);
    const totals = new Map<string, Usage>();
    const { informers } = this.context;
    const wanted = new Set(names);
    const hasScopes = scopes.length > 0;
    if (names.some(isOfPods)) {
      for (const name of names) if (isOfPods(name)) totals.set(name, zero);
      for (const pod of informers.of<Pod>(resources.pods).list(namespace)) {
        if (!scopes.every((scope) => podMatchesScope(pod, scope))) continue;
        add(
          totals,
          wanted,
          this.usageOf(pod, (object) => podUsage(object, now)),
        );
      }
    }
    for (const [isOf, resource, measure] of [
      [isOfServices, resources.services, serviceUsage],
      [isOfClaims, resources.persistentVolumeClaims, claimUsage],
    ] as const) {
      if (!names.some(isOf)) continue;
      for (const name of names) if (isOf(name)) totals.set(name, zero);
      // Scopes are of pods; nothing else is in them.
      if (hasScopes) continue;
      for (const object of informers.of(resource).list(namespace)) add(totals, wanted, this.usageOf(object, measure));
    }
    for (const name of names) {
      if (totals.has(name)) continue;
      const count = hasScopes ? 0 : await this.count(namespace, name);
      if (count !== undefined) totals.set(name, { amount: parseQuantity(count), family: "decimal" });
    }
    return totals;
  }

  private usageOf<T extends KubeObject>(object: T, measure: (object: T) => Usages): Usages {
    // One that is on its way out counts until its time is over.
    if (object.metadata.deletionTimestamp !== undefined) return measure(object);
    const known = this.known.get(object) ?? measure(object);
    this.known.set(object, known);
    return known;
  }

  private async count(namespace: string, name: string): Promise<number | undefined> {
    const resource = this.resourceOf(name);
    if (resource === undefined) return undefined;
    const { informers, api } = this.context;
    if (informers.has(resource)) return informers.of(resource).count("namespace", namespace);
    const answer = await api.client.request({
      method: "GET",
      path: pathOf(resource, namespace),
      query: { limit: "1" },
    });
    if (answer.status !== 200) return undefined;
    const { items, metadata } = answer.body as { items?: unknown[]; metadata?: { remainingItemCount?: number } };
    return (items?.length ?? 0) + (metadata?.remainingItemCount ?? 0);
  }

  private resourceOf(name: string): Resource | undefined {
    const { kinds } = this.context;
    const plain = plainNames.get(name);
    if (plain !== undefined) return kinds.named("", plain);
    const match = /^count\/([^.]+)(?:\.(.+))?$/u.exec(name);
    return match === null ? undefined : kinds.named(match[2] ?? "", match[1] ?? "");
  }
}

function add(totals: Map<string, Usage>, wanted: ReadonlySet<string>, usages: Usages): void {
  for (const [name, usage] of usages) {
    if (!wanted.has(name)) continue;
    const total = totals.get(name) ?? zero;
    const family = total.amount === 0n ? usage.family : total.family;
    totals.set(name, { amount: total.amount + usage.amount, family });
  }
}

function isOfPods(name: string): boolean {
  if (name === "requests.storage" || name.includes("storageclass.storage.k8s.io/")) return false;
  return (
    ["pods", "count/pods", "cpu", "memory", "ephemeral-storage"].includes(name) ||
    /^(?:requests\.|limits\.|hugepages-)/u.test(name)
  );
}

function isOfServices(name: string): boolean {
  return name === "count/services" || name === "services" || name.startsWith("services.");
}

function isOfClaims(name: string): boolean {
  return (
    name === "persistentvolumeclaims" ||
    name === "count/persistentvolumeclaims" ||
    name === "requests.storage" ||
    name.includes(".storageclass.storage.k8s.io/")
  );
}
