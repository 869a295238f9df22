import type { PodManager } from "../pod-manager.ts";
import type { UsageSource } from "./usage-report.ts";

/** An object of metrics.k8s.io. */
export interface NodeMetrics {
  readonly metadata: { readonly name: string; readonly creationTimestamp: string };
  readonly timestamp: string;
  readonly window: string;
  readonly usage: ResourceUsage;
}

/** An object of metrics.k8s.io. */
export interface PodMetrics {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly creationTimestamp: string;
  };
  readonly timestamp: string;
  readonly window: string;
  readonly containers: readonly { readonly name: string; readonly usage: ResourceUsage }[];
}

interface ResourceUsage {
  readonly cpu: string;
  readonly memory: string;
}

/** Rates are taken from two looks at least a second apart. */
const window = "1s";

/** The node as `kubectl top node` shows it. */
export function nodeMetrics(usage: UsageSource): NodeMetrics {
  const { cpuNanocores, memoryBytes, time } = usage.node();
  return {
    metadata: { name: usage.nodeName, creationTimestamp: seconds(time) },
    timestamp: seconds(time),
    window,
    usage: quantities(cpuNanocores, memoryBytes),
  };
}

/** All pods of the node in which something runs, as `kubectl top pod` shows them. */
export async function podMetrics(usage: UsageSource, pods: PodManager): Promise<PodMetrics[]> {
  return (await usage.pods(pods)).map(({ name, namespace, labels, time, containers }) => ({
    metadata: { name, namespace, labels, creationTimestamp: seconds(time) },
    timestamp: seconds(time),
    window,
    containers: containers.map((each) => ({
      name: each.name,
      usage: quantities(each.cpuNanocores, each.memoryBytes),
    })),
  }));
}

function quantities(nanocores: bigint, bytes: number): ResourceUsage {
  return { cpu: nanocores === 0n ? "0" : `${nanocores}n`, memory: `${Math.ceil(bytes / 1024)}Ki` };
}

function seconds(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}
