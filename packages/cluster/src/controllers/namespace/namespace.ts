import { discover } from "../../loop/discovery.ts";
import type { Discovery } from "../../loop/discovery.ts";
import { done, pathOf, requeueAfter, resources, toTimestamp, unless, watching } from "../../loop/index.ts";
import type { Controller, ControllerContext, Informer, Outcome } from "../../loop/index.ts";
import { replaceCondition } from "../../model/condition.ts";
import type { Condition } from "../../model/condition.ts";
import { sameStatus } from "../../model/status.ts";
import { emptyNamespace } from "./namespace-content.ts";
import type { Emptied, Remainder } from "./namespace-content.ts";
import type { Namespace } from "./namespace-object.ts";

const finalizer = "kubernetes";
/** When nothing tells that the rest has gone, it is looked for again after this long. */
const lookAgainMs = 1_000;

/** Empties a namespace that is to be deleted, pods first, and then lets it go. */
export function namespaceController(context: ControllerContext): Controller {
  const namespaces = context.informers.of<Namespace>(resources.namespaces);
  const pods = context.informers.of(resources.pods);
  return {
    name: "namespace-controller",
    watches: [
      watching(namespaces, (namespace) => [namespace.metadata.name ?? ""]),
      {
        subscribe: (add) =>
          pods.onChange(({ type, object }) => {
            if (type === "deleted" && isGoing(namespaces, object.metadata.namespace))
              add(object.metadata.namespace ?? "");
          }),
      },
    ],
    reconcile: (name) => reconcile(context, namespaces, name),
  };
}

function isGoing(namespaces: Informer<Namespace>, name: string | undefined): boolean {
  return namespaces.get("", name ?? "")?.metadata.deletionTimestamp !== undefined;
}

async function reconcile(context: ControllerContext, namespaces: Informer<Namespace>, name: string): Promise<Outcome> {
  const namespace = namespaces.get("", name);
  if (namespace?.metadata.deletionTimestamp === undefined) return done;
  if (!(namespace.spec?.finalizers ?? []).includes(finalizer)) return done;
  const discovery = await discover(context.api.client);
  const emptied = await emptyInOrder(context, name, discovery);
  const told = await writeConditions(context, namespace, { discovery, emptied });
  if (emptied.failures.length > 0 || discovery.failures.length > 0) {
    return { kind: "failed", error: new Error([...discovery.failures, ...emptied.failures].join(", ")) };
  }
  if (emptied.remainders.length > 0) return requeueAfter(lookAgainMs);
  await letGo(context, told ?? namespace);
  return done;
}

/** Pods go before what they may still need to end well. */
async function emptyInOrder(context: ControllerContext, name: string, discovery: Discovery): Promise<Emptied> {
  const deletable = discovery.resources.filter((resource) => resource.namespaced && resource.verbs.includes("delete"));
  const isPods = (resource: (typeof deletable)[number]) => resource.group === "" && resource.plural === "pods";
  const first = await emptyNamespace(context.api.client, name, deletable.filter(isPods));
  if (first.remainders.length + first.failures.length > 0) return first;
  return emptyNamespace(
    context.api.client,
    name,
    deletable.filter((resource) => !isPods(resource)),
  );
}

interface Found {
  readonly discovery: Discovery;
  readonly emptied: Emptied;
}

async function writeConditions(
  context: ControllerContext,
  namespace: Namespace,
  found: Found,
): Promise<Namespace | undefined> {
  const lastTransitionTime = toTimestamp(context.clock.now());
  let conditions = namespace.status?.conditions ?? [];
  for (const condition of conditionsOf(found)) {
    conditions = replaceCondition(conditions, { ...condition, lastTransitionTime });
  }
  if (sameStatus(conditions, namespace.status?.conditions ?? [])) return namespace;
  const status = { ...namespace.status, phase: "Terminating" as const, conditions };
  return unless(["not-found"], context.api.update(resources.namespaces, { ...namespace, status }, "status"));
}

function conditionsOf({ discovery, emptied }: Found): Condition[] {
  return [
    judge("NamespaceDeletionDiscoveryFailure", discovery.failures.length > 0, {
      bad: [
        "DiscoveryFailed",
        `Discovery failed for some groups, ${discovery.failures.length} failing: ${discovery.failures.join(", ")}`,
      ],
      good: ["ResourcesDiscovered", "All resources successfully discovered"],
    }),
    judge("NamespaceDeletionGroupVersionParsingFailure", false, {
      bad: ["GroupVersionParsingFailed", ""],
      good: ["ParsedGroupVersions", "All legacy kube types successfully parsed"],
    }),
    judge("NamespaceDeletionContentFailure", emptied.failures.length > 0, {
      bad: [
        "ContentDeletionFailed",
        `Failed to delete all resource types, ${emptied.failures.length} remaining: ${emptied.failures.join(", ")}`,
      ],
      good: ["ContentDeleted", "All content successfully deleted, may be waiting on finalization"],
    }),
    judge("NamespaceContentRemaining", emptied.remainders.length > 0, {
      bad: ["SomeResourcesRemain", `Some resources are remaining: ${remainingText(emptied.remainders)}`],
      good: ["ContentRemoved", "All content successfully removed"],
    }),
    judge(
      "NamespaceFinalizersRemaining",
      emptied.remainders.some(({ finalizers }) => finalizers.size > 0),
      {
        bad: [
          "SomeFinalizersRemain",
          `Some content in the namespace has finalizers remaining: ${finalizersText(emptied.remainders)}`,
        ],
        good: ["ContentHasNoFinalizers", "All content-preserving finalizers finished"],
      },
    ),
  ];
}

interface Words {
  readonly bad: readonly [reason: string, message: string];
  readonly good: readonly [reason: string, message: string];
}

function judge(type: string, isBad: boolean, words: Words): Condition {
  const [reason, message] = isBad ? words.bad : words.good;
  return { type, status: isBad ? "True" : "False", reason, message };
}

function remainingText(remainders: readonly Remainder[]): string {
  return remainders
    .map(({ resource, count }) => `${resource.plural}.${resource.group} has ${count} resource instances`)
    .sort()
    .join(", ");
}

function finalizersText(remainders: readonly Remainder[]): string {
  const totals = new Map<string, number>();
  for (const { finalizers } of remainders) {
    for (const [name, count] of finalizers) totals.set(name, (totals.get(name) ?? 0) + count);
  }
  return [...totals]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, count]) => `${name} in ${count} resource instances`)
    .join(", ");
}

async function letGo(context: ControllerContext, namespace: Namespace): Promise<void> {
  const finalizers = (namespace.spec?.finalizers ?? []).filter((name) => name !== finalizer);
  const path = pathOf(resources.namespaces, undefined, namespace.metadata.name, "finalize");
  const body = { ...namespace, apiVersion: "v1", kind: "Namespace", spec: { ...namespace.spec, finalizers } };
  const answer = await context.api.client.request({ method: "PUT", path, body });
  if (answer.status === 409) throw new Error(`Namespace ${namespace.metadata.name ?? ""} changed while it was let go.`);
  if (answer.status === 200 && finalizers.length === 0) context.informers.deleted(resources.namespaces, namespace);
}
