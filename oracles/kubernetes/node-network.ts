import { runOrFail } from "../machine/run.ts";
import { identityVariable, interfaceName } from "./cluster-state.ts";
import type { NodeNamespace } from "./node-namespace.ts";
import type { NodePlan } from "./node-plan.ts";

interface Place {
  readonly namespace: NodeNamespace;
  readonly plan: NodePlan;
}

/** The cable over which the machine reaches the API server; nothing else leads in or out. */
export async function connectToMachine(id: string, node: Place): Promise<void> {
  const name = interfaceName(id);
  const { plan, namespace } = node;
  // Whoever takes the cluster down when its starter was killed waits for these as well.
  const marked = { env: { [identityVariable]: id } };
  const peer = ["peer", "name", "eth0", "netns", String(namespace.pid)];
  await runOrFail(["ip", "link", "add", name, "type", "veth", ...peer], marked);
  await runOrFail(["ip", "address", "add", `${plan.gateway}/30`, "dev", name], marked);
  await runOrFail(["ip", "link", "set", name, "up"], marked);
  await setUpEnd(node);
}

/** A further node hangs on the first one, which knows the way to its pods. */
export async function connectToFirst(first: Place, node: Place): Promise<void> {
  const name = `to-${node.plan.name}`;
  const onFirst = inside(first.namespace);
  const peer = ["peer", "name", "eth0", "netns", String(node.namespace.pid)];
  await runOrFail([...onFirst, "ip", "link", "add", name, "type", "veth", ...peer]);
  await runOrFail([...onFirst, "ip", "address", "add", `${node.plan.gateway}/30`, "dev", name]);
  await runOrFail([...onFirst, "ip", "link", "set", name, "up"]);
  await runOrFail([...onFirst, "ip", "route", "add", node.plan.podRange, "via", node.plan.address]);
  await setUpEnd(node);
}

async function setUpEnd(node: Place): Promise<void> {
  const onNode = inside(node.namespace);
  await runOrFail([...onNode, "ip", "address", "add", `${node.plan.address}/30`, "dev", "eth0"]);
  await runOrFail([...onNode, "ip", "link", "set", "eth0", "up"]);
  await runOrFail([...onNode, "ip", "route", "add", "default", "via", node.plan.gateway]);
}

function inside(namespace: NodeNamespace): string[] {
  return ["nsenter", "-t", String(namespace.pid), "-n"];
}
