import type { KubeObject } from "../../object/kube-object.ts";
import { isDryRun, namespaceOf, type Call } from "../call.ts";
import { decodeObject, encodeObject, keyOf, readObject } from "../object-store.ts";
import { formOf } from "../negotiate.ts";
import { answerValue } from "../respond.ts";
import type { ServerContext, SubresourceHandler } from "../server-context.ts";
import { ApiError, badRequest, conflict, methodNotAllowed, notFound } from "../status.ts";
import { admit } from "./admit.ts";
import { kindNamed } from "./kind-named.ts";
import { setCondition, type Condition } from "./pod-condition.ts";
import { bodyKind, sentObject } from "./sent-object.ts";

interface Binding extends KubeObject {
  target?: { readonly kind?: string; readonly name?: string };
}

interface Pod extends KubeObject {
  spec: { nodeName?: string; schedulingGates?: readonly unknown[] };
  status?: { conditions?: Condition[]; nominatedNodeName?: string };
}

/** Gives a pod its node: `pods/binding`, and `bindings` where the pod is named in the body. */
export const bindPod: SubresourceHandler = async (call, context) => {
  if (call.info.verb !== "create") throw methodNotAllowed();
  const kind = bodyKind(kindNamed(context, "pods"), { group: "", version: "v1", kind: "Binding" });
  const { object } = await sentObject(context, call, kind);
  const binding = object as Binding;
  const { name = "" } = binding.metadata;
  const ofNode = topologyOf(context, binding.target?.name ?? "");
  if (Object.keys(ofNode).length > 0) binding.metadata.labels = { ...binding.metadata.labels, ...ofNode };
  await admit(context, call, { operation: "CREATE", object: binding }, () => {
    if (call.info.subresource !== "" && name !== call.info.name)
      throw badRequest("name in URL does not match name in Binding object");
    checkTarget(binding);
  });
  if (name === "") throw badRequest("Name parameter required.");
  await assign(context, call, binding);
  const status = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 };
  return answerValue(status, { status: 201, form: formOf(call.request, "outcome"), warnings: call.warnings });
};

const topologyLabels = ["topology.kubernetes.io/zone", "topology.kubernetes.io/region"];

/** A pod says where it runs as its node does. */
function topologyOf(context: ServerContext, name: string): Readonly<Record<string, string>> {
  const kind = kindNamed(context, "nodes");
  const stored = name === "" ? undefined : readObject(context.store, kind, { namespace: "", name });
  const labels = (stored && decodeObject(kind, stored).metadata.labels) ?? {};
  return Object.fromEntries(topologyLabels.flatMap((key) => (labels[key] === undefined ? [] : [[key, labels[key]]])));
}

function checkTarget({ target: { kind = "", name = "" } = {} }: Binding): void {
  const texts = [
    ...(kind === "" || kind === "Node"
      ? []
      : [`target.kind: Unsupported value: ${JSON.stringify(kind)}: supported values: "Node", "<empty>"`]),
    ...(name === "" ? ["target.name: Required value"] : []),
  ];
  if (texts.length > 0) throw new ApiError(500, "", texts.length === 1 ? (texts[0] ?? "") : `[${texts.join(", ")}]`);
}

async function assign(context: ServerContext, call: Call, binding: Binding): Promise<void> {
  const kind = kindNamed(context, "pods");
  const { name = "", uid, resourceVersion } = binding.metadata;
  const refuse = (why: string): Error => conflict({ group: "", plural: "pods/binding" }, name, why);
  await context.store.write({
    key: keyOf(kind, namespaceOf(call), name),
    decide: (stored, revision) => {
      if (!stored) throw notFound(kind, name);
      const pod = decodeObject(kind, stored) as Pod;
      const { metadata, spec } = pod;
      if (uid && uid !== metadata.uid)
        throw refuse(`Precondition failed: UID in precondition: ${uid}, UID in object meta: ${metadata.uid ?? ""}`);
      if (resourceVersion && resourceVersion !== metadata.resourceVersion)
        throw refuse(
          `Precondition failed: ResourceVersion in precondition: ${resourceVersion}, ResourceVersion in object meta: ${metadata.resourceVersion ?? ""}`,
        );
      if (metadata.deletionTimestamp !== undefined)
        throw refuse(`pod ${name} is being deleted, cannot be assigned to a host`);
      if (spec.nodeName) throw refuse(`pod ${name} is already assigned to node ${JSON.stringify(spec.nodeName)}`);
      if (spec.schedulingGates?.length) throw refuse(`pod ${name} has non-empty .spec.schedulingGates`);
      return isDryRun(call) ? "keep" : encodeObject(kind, bound(pod, binding, call.now), revision);
    },
  });
}

function bound(pod: Pod, { metadata: { annotations, labels }, target }: Binding, now: Date): Pod {
  const { nominatedNodeName: _, ...status } = pod.status ?? {};
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      ...(labels ? { labels: { ...pod.metadata.labels, ...labels } } : {}),
      ...(annotations ? { annotations: { ...pod.metadata.annotations, ...annotations } } : {}),
    },
    spec: { ...pod.spec, nodeName: target?.name ?? "" },
    status: {
      ...status,
      conditions: setCondition(status.conditions, { type: "PodScheduled", status: "True" }, now),
    },
  };
}
