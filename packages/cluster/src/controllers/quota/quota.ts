import { equalJson } from "../../object/json-value.ts";
import type { KubeObject } from "../../object/kube-object.ts";
import { done, keyOf, requeueAfter, resources, splitKey } from "../../loop/index.ts";
import type { Controller, ControllerContext, Informer, Outcome, Resource, WorkQueue } from "../../loop/index.ts";
import { isFinished, isTerminating } from "../../model/pod.ts";
import type { Pod } from "../../model/pod.ts";
import { formatQuantity, parseQuantity } from "../../model/quantity.ts";
import type { QuotaSpec } from "../../model/quota-usage.ts";
import { NamespaceUsage } from "./namespace-usage.ts";

interface ResourceQuota extends KubeObject {
  spec?: QuotaSpec;
  status?: { readonly hard?: Readonly<Record<string, string>>; readonly used?: Readonly<Record<string, string>> };
}

/** What was counted wrong, whyever, is right again after this long. */
const recountMs = 300_000;
/** Pods that should be gone count no more once their time is over; nothing else tells of that. */
const overdueCheckMs = 30_000;

/** Counts anew what a namespace uses of its quotas: the API server adds what is made, this takes off what has gone. */
export function quotaController(context: ControllerContext): Controller {
  const quotas = context.informers.of<ResourceQuota>(resources.resourceQuotas);
  const usage = new NamespaceUsage(context);
  let queue: WorkQueue | undefined;
  context.kinds.onChange((resource, { type, object, previous }) => {
    // What is made is counted by the API server, before it is there; who counts it as well may count too early.
    if (type === "added" || (type === "updated" && !isOther(resource, previous, object))) return;
    for (const quota of quotas.list(object.metadata.namespace ?? "")) queue?.add(keyOf(quota));
  });
  return {
    name: "resourcequota-controller",
    attach: (given) => {
      queue = given;
    },
    watches: [
      {
        subscribe: (add) =>
          quotas.onChange(({ object, previous }) => {
            if (previous === undefined || !equalJson(previous.spec, object.spec)) add(keyOf(object));
          }),
      },
    ],
    reconcile: async (key) => {
      await context.kinds.ready;
      return reconcile(context, quotas, { usage, key });
    },
  };
}

/** Whether an object counts for something else than before. */
function isOther(resource: Resource, previous: KubeObject | undefined, object: KubeObject): boolean {
  if (resource.group !== "" || previous === undefined) return false;
  switch (resource.plural) {
    case "pods": {
      const [before, after] = [previous as Pod, object as Pod];
      return isFinished(before) !== isFinished(after) || before.metadata.generation !== after.metadata.generation;
    }
    case "services":
    case "persistentvolumeclaims":
      return !equalJson(previous["spec"], object["spec"]);
    default:
      return false;
  }
}

interface Look {
  readonly usage: NamespaceUsage;
  readonly key: string;
}

async function reconcile(
  context: ControllerContext,
  quotas: Informer<ResourceQuota>,
  { usage, key }: Look,
): Promise<Outcome> {
  const { namespace, name } = splitKey(key);
  const quota = quotas.get(namespace, name);
  if (quota === undefined) return done;
  const hard = Object.fromEntries(Object.entries(quota.spec?.hard ?? {}).map(([each, text]) => [each, String(text)]));
  const now = context.clock.now();
  const counted = await usage.measure(namespace, quota.spec ?? {}, Object.keys(hard), now);
  const used: Record<string, string> = {};
  for (const each of Object.keys(hard)) {
    const known = quota.status?.used?.[each];
    const next = counted.get(each);
    if (next !== undefined) used[each] = formatQuantity(next.amount, next.family);
    else if (known !== undefined) used[each] = known;
  }
  const isSame = equalJson(quota.status?.hard, hard) && sameAmounts(quota.status?.used, used);
  if (!isSame) {
    const status = { hard, used };
    await context.api.update<ResourceQuota>(resources.resourceQuotas, { ...quota, status }, "status");
  }
  const hasLeaving = context.informers.of<Pod>(resources.pods).list(namespace).some(isTerminating);
  return requeueAfter(hasLeaving ? overdueCheckMs : recountMs);
}

function sameAmounts(left: Readonly<Record<string, string>> | undefined, right: Readonly<Record<string, string>>) {
  if (left === undefined || Object.keys(left).length !== Object.keys(right).length) return false;
  return Object.entries(right).every(
    ([name, text]) => left[name] !== undefined && parseQuantity(left[name]) === parseQuantity(text),
  );
}
