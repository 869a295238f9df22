import { requeueAfter, done, resources, toTimestamp, unless, watching } from "../../loop/index.ts";
import type { ControllerContext, Controller, EventRecorder, Informer, Outcome } from "../../loop/index.ts";
import type { KubeObject } from "../../object/kube-object.ts";
import { isReady, isTerminating } from "../../model/pod.ts";
import type { Pod } from "../../model/pod.ts";
import type { Node } from "../../model/node.ts";
import { together } from "../pods/slow-start.ts";
import { writePodCondition } from "../pods/pod-condition.ts";
import { NodeSigns, readyOf, silentConditions } from "./node-health.ts";
import type { Lease } from "./node-health.ts";
import { wantedTaints } from "./node-taints.ts";
import { indexByNode, podsOn } from "./pods-of-node.ts";

/** A node that is just being set up may take longer until it reports. */
const startGraceMs = 60_000;
const leaseNamespace = "kube-node-lease";

/** The older names of two labels, which must say the same. */
const labelTwins: Readonly<Record<string, string>> = {
  "kubernetes.io/os": "beta.kubernetes.io/os",
  "kubernetes.io/arch": "beta.kubernetes.io/arch",
};

interface Parts {
  readonly context: ControllerContext;
  readonly nodes: Informer<Node>;
  readonly leases: Informer<Lease>;
  readonly pods: Informer<Pod>;
  readonly signs: NodeSigns;
  readonly registered: Set<string>;
  readonly events: EventRecorder;
}

/** Says of silent nodes that they are lost, and keeps pods away from nodes by their conditions. */
export function nodeLifecycleController(context: ControllerContext): Controller {
  const leases = context.informers.of<Lease>(resources.leases);
  const parts: Parts = {
    context,
    nodes: context.informers.of<Node>(resources.nodes),
    leases,
    pods: indexByNode(context.informers.of<Pod>(resources.pods)),
    signs: new NodeSigns(),
    registered: new Set(),
    events: context.eventsOf("node-controller"),
  };
  return {
    name: "node-lifecycle-controller",
    watches: [
      watching(parts.nodes, (node) => [node.metadata.name ?? ""]),
      watching(leases, ({ metadata }) => (metadata.namespace === leaseNamespace ? [metadata.name ?? ""] : [])),
      othersOfReadiness(parts),
    ],
    reconcile: (name) => reconcile(parts, name),
  };
}

/** Whether any node is ready decides what becomes of the pods of the others. */
function othersOfReadiness({ nodes }: Parts) {
  return {
    subscribe: (add: (key: string) => void) =>
      nodes.onChange(({ type, object, previous }) => {
        const before = previous === undefined ? undefined : readyOf(previous)?.status;
        if (type === "updated" && before === readyOf(object)?.status) return;
        for (const node of nodes.list()) add(node.metadata.name ?? "");
      }),
  };
}

async function reconcile(parts: Parts, name: string): Promise<Outcome> {
  const node = parts.nodes.get("", name);
  if (node === undefined) {
    parts.signs.forget(name);
    const uid = parts.registered.delete(name) ? name : undefined;
    if (uid !== undefined) tell(parts, { name, uid }, "RemovingNode", `Removing Node ${name} from Controller`);
    return done;
  }
  if (!parts.registered.has(name)) {
    parts.registered.add(name);
    const uid = node.metadata.uid ?? "";
    tell(parts, { name, uid }, "RegisteredNode", `Registered Node ${name} in Controller`);
  }
  const judged = await judgeSilence(parts, node);
  await writeTaints(parts, judged.node);
  await writeLabels(parts, name);
  return judged.waitMs === undefined ? done : requeueAfter(judged.waitMs);
}

interface Judged {
  readonly node: Node;
  readonly waitMs: number | undefined;
}

async function judgeSilence(parts: Parts, node: Node): Promise<Judged> {
  const { clock, api, options } = parts.context;
  const now = clock.now();
  const lease = parts.leases.get(leaseNamespace, node.metadata.name ?? "");
  const graceMs = readyOf(node) === undefined ? startGraceMs : options.nodeGraceMs;
  const waitMs = graceMs - parts.signs.silence(node, lease, now);
  if (waitMs > 0) return { node, waitMs: waitMs + 10 };
  const conditions = silentConditions(node, now);
  if (conditions === undefined) return { node, waitMs: undefined };
  const wasReady = readyOf(node)?.status === "True";
  const status = { ...node.status, conditions };
  const updated = await unless(["not-found"], api.update<Node>(resources.nodes, { ...node, status }, "status"));
  if (wasReady) await markPodsUnready(parts, node);
  return { node: updated ?? node, waitMs: undefined };
}

async function markPodsUnready(parts: Parts, node: Node): Promise<void> {
  const { name = "" } = node.metadata;
  parts.events.normal(asReference(name, name), "NodeNotReady", `Node ${name} status is now: NodeNotReady`);
  const ready = podsOn(parts.pods, name).filter(isReady);
  await together(ready, async (pod) => {
    parts.events.warning(pod, "NodeNotReady", "Node is not ready");
    await unless(["not-found"], writePodCondition(parts.context, pod, { type: "Ready", status: "False" }));
  });
}

async function writeTaints({ context, nodes }: Parts, node: Node): Promise<void> {
  // Where no node is ready it is more likely that we can't hear them; nobody would be helped by deleting everything.
  const evicts = nodes.list().some((other) => readyOf(other)?.status === "True");
  const taints = wantedTaints(node, evicts, toTimestamp(context.clock.now()));
  if (taints === undefined || isTerminating(node)) return;
  const { name = "", resourceVersion } = node.metadata;
  const patch = { metadata: { resourceVersion }, spec: { taints: taints.length === 0 ? null : taints } };
  await unless(["not-found"], context.api.patch(resources.nodes, { name }, patch));
}

async function writeLabels({ context, nodes }: Parts, name: string): Promise<void> {
  const known = nodes.get("", name)?.metadata.labels ?? {};
  const labels: Record<string, string> = {};
  for (const [label, twin] of Object.entries(labelTwins)) {
    const value = known[label];
    if (value !== undefined && known[twin] !== value) labels[twin] = value;
  }
  if (Object.keys(labels).length === 0) return;
  await unless(["not-found"], context.api.patch(resources.nodes, { name }, { metadata: { labels } }));
}

function tell(parts: Parts, node: { name: string; uid: string }, reason: string, message: string): void {
  parts.events.normal(asReference(node.name, node.uid), reason, `Node ${node.name} event: ${message}`);
}

function asReference(name: string, uid: string): KubeObject {
  return { apiVersion: "v1", kind: "Node", metadata: { name, uid } };
}
