import { noRemoteAdmission } from "../../admission/admission.ts";
import type { KubeObject } from "../../object/kube-object.ts";
import { isDryRun, namespaceOf, type Call } from "../call.ts";
import type { DeleteOptions } from "../delete-options.ts";
import { deleteObject } from "../delete.ts";
import { decodeObject, encodeObject, keyOf } from "../object-store.ts";
import { formOf } from "../negotiate.ts";
import { answerValue } from "../respond.ts";
import type { ServerContext, SubresourceHandler } from "../server-context.ts";
import { ApiError, badRequest, conflict, methodNotAllowed, notFound } from "../status.ts";
import { admit } from "./admit.ts";
import { budgetsOf, stillProcessed, takeDisruption } from "./disruption-budget.ts";
import { readNamed } from "./kind-named.ts";
import { setCondition, type Condition } from "./pod-condition.ts";
import { bodyKind, sentObject } from "./sent-object.ts";

interface Pod extends KubeObject {
  status?: { phase?: string; conditions?: Condition[] };
}

interface Eviction extends KubeObject {
  deleteOptions?: DeleteOptions;
}

/** Removes a pod when its disruption budget allows it: `pods/eviction`. */
export const evictPod: SubresourceHandler = async (call, context) => {
  const { info, request } = call;
  if (info.verb !== "create") throw methodNotAllowed();
  const kind = bodyKind(call.kind, { group: "policy", version: "v1", kind: "Eviction" });
  const { object } = await sentObject(context, call, kind);
  const eviction = object as Eviction;
  const asked = eviction.deleteOptions ?? {};
  const dryRun = isDryRun(call) || Boolean(asked.dryRun?.includes("All"));
  const options: DeleteOptions = { ...asked, ...(dryRun ? { dryRun: ["All"] } : {}) };
  await admit(context, call, { operation: "CREATE", object: eviction }, () => {
    if (eviction.metadata.name !== info.name) throw badRequest("name in URL does not match name in Eviction object");
  });
  const pod = readNamed(context, "pods", { namespace: namespaceOf(call), name: info.name });
  const failure = await evict(context, call, { pod, options, dryRun });
  const status = failure ?? { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 };
  return answerValue(status, { status: status.code, form: formOf(request, "outcome"), warnings: call.warnings });
};

interface Evicted {
  readonly pod: Pod;
  readonly options: DeleteOptions;
  readonly dryRun: boolean;
}

type Failure = Readonly<Record<string, unknown>> & { readonly code: number };

async function evict(
  context: ServerContext,
  call: Call,
  { pod, options, dryRun }: Evicted,
): Promise<Failure | undefined> {
  if (isDisruptedAnyway(pod)) {
    await removePod(context, call, options);
    return undefined;
  }
  const budgets = budgetsOf(context, call, pod);
  if (budgets.length > 1)
    return {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
      code: 500,
    };
  const [budget] = budgets;
  const name = budget?.metadata.name ?? "";
  if (!budget || isReady(pod) || !mayGoUnhealthy(budget)) {
    if (budget) await takeDisruption(context, call, { budget: name, podName: call.info.name, dryRun });
    await removePod(context, call, options);
    return undefined;
  }
  // It counts as unhealthy as long as nothing about it has changed.
  const given = options.preconditions?.resourceVersion;
  const resourceVersion = pod.metadata.resourceVersion ?? "";
  try {
    await removePod(context, call, { ...options, preconditions: { ...options.preconditions, resourceVersion } });
  } catch (error) {
    if (given === undefined && error instanceof ApiError && error.reason === "Conflict") throw stillProcessed(name);
    throw error;
  }
  return undefined;
}

function isDisruptedAnyway({ metadata, status }: Pod): boolean {
  return metadata.deletionTimestamp !== undefined || ["Succeeded", "Failed", "Pending"].includes(status?.phase ?? "");
}

function isReady({ status }: Pod): boolean {
  return status?.conditions?.some((each) => each.type === "Ready" && each.status === "True") ?? false;
}

function mayGoUnhealthy({
  spec,
  status: { currentHealthy = 0, desiredHealthy = 0 } = {},
}: ReturnType<typeof budgetsOf>[number]): boolean {
  return spec?.unhealthyPodEvictionPolicy === "AlwaysAllow" || (currentHealthy >= desiredHealthy && desiredHealthy > 0);
}

/** The pod says why it goes; then it goes as any other. Admission has had its say about the eviction. */
async function removePod(context: ServerContext, call: Call, options: DeleteOptions): Promise<void> {
  const { preconditions = {}, ...rest } = options;
  const marked = options.dryRun ? undefined : await markDisrupted(context, call, preconditions);
  const quiet = { ...context, admission: { mutating: [], validating: [], counting: [], remote: noRemoteAdmission } };
  await deleteObject(quiet, call, call.info.name, {
    ...rest,
    preconditions:
      preconditions.resourceVersion === undefined || marked === undefined
        ? preconditions
        : { ...preconditions, resourceVersion: String(marked) },
  });
}

async function markDisrupted(
  { store }: ServerContext,
  { kind, info, now, ...call }: Call,
  { uid, resourceVersion }: NonNullable<DeleteOptions["preconditions"]>,
): Promise<number | undefined> {
  const { name } = info;
  const what = { group: "", plural: "Pod" };
  const outcome = await store.write({
    key: keyOf(kind, namespaceOf({ kind, info, ...call }), name),
    decide: (stored, revision) => {
      if (!stored) throw notFound(kind, name);
      const pod = decodeObject(kind, stored) as Pod;
      const { metadata } = pod;
      if (uid && uid !== metadata.uid)
        throw conflict(
          what,
          name,
          `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid ?? ""}). The object might have been deleted and then recreated`,
        );
      if (resourceVersion && resourceVersion !== metadata.resourceVersion)
        throw conflict(
          what,
          name,
          `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion ?? ""}). The object might have been modified`,
        );
      const condition = {
        type: "DisruptionTarget",
        status: "True",
        reason: "EvictionByEvictionAPI",
        message: "Eviction API: evicting",
      };
      const conditions = setCondition(pod.status?.conditions, condition, now);
      return encodeObject(kind, { ...pod, status: { ...pod.status, conditions } }, revision);
    },
  });
  return outcome.kind === "written" ? outcome.stored.modifiedAt : undefined;
}
