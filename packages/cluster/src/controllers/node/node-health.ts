import { fromTimestamp, toTimestamp } from "../../loop/index.ts";
import type { KubeObject } from "../../object/kube-object.ts";
import { findCondition } from "../../model/condition.ts";
import type { Condition } from "../../model/condition.ts";
import type { Node } from "../../model/node.ts";

export interface Lease extends KubeObject {
  spec?: { readonly renewTime?: string; readonly holderIdentity?: string };
}

interface Sign {
  readonly heartbeat: string;
  readonly renewed: string;
  readonly seenMs: number;
}

export interface NodeCondition extends Condition {
  readonly lastHeartbeatTime?: string | null;
}

/** Conditions that the kubelet reports, and that nobody knows any more when it is silent. */
const reported = ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"];

/** When each node gave its last sign of life, by our own clock: the nodes' clocks may be wrong. */
export class NodeSigns {
  private readonly signs = new Map<string, Sign>();

  /** Milliseconds since the last sign. */
  silence(node: Node, lease: Lease | undefined, now: number): number {
    const name = node.metadata.name ?? "";
    const ready = readyOf(node);
    const heartbeat = ready?.lastHeartbeatTime ?? "";
    const renewed = lease?.spec?.renewTime ?? "";
    const known = this.signs.get(name);
    if (known !== undefined && known.heartbeat === heartbeat && known.renewed === renewed) return now - known.seenMs;
    const seenMs = known === undefined && ready === undefined ? fromTimestamp(node.metadata.creationTimestamp) : now;
    this.signs.set(name, { heartbeat, renewed, seenMs });
    return now - seenMs;
  }

  forget(name: string): void {
    this.signs.delete(name);
  }
}

export function readyOf(node: Node): NodeCondition | undefined {
  return findCondition(node.status?.conditions, "Ready");
}

/** What is said of a silent node; undefined when it is said already. */
export function silentConditions(node: Node, now: number): readonly NodeCondition[] | undefined {
  const conditions: NodeCondition[] = [...(node.status?.conditions ?? [])];
  const time = toTimestamp(now);
  let isNew = false;
  for (const type of reported) {
    const index = conditions.findIndex((condition) => condition.type === type);
    const current = conditions[index];
    if (current === undefined) {
      isNew = true;
      conditions.push({
        type,
        status: "Unknown",
        reason: "NodeStatusNeverUpdated",
        message: "Kubelet never posted node status.",
        lastHeartbeatTime: node.metadata.creationTimestamp ?? time,
        lastTransitionTime: time,
      });
    } else if (current.status !== "Unknown") {
      isNew = true;
      conditions[index] = {
        ...current,
        status: "Unknown",
        reason: "NodeStatusUnknown",
        message: "Kubelet stopped posting node status.",
        lastTransitionTime: time,
      };
    }
  }
  return isNew ? conditions : undefined;
}
