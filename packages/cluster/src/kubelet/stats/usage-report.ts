import { cpus, freemem, totalmem } from "node:os";
import type { PodManager } from "../pod-manager.ts";
import type { ActiveContainer } from "../pods/container-slot.ts";

/** What a container used: the numbers of `kubectl top`. */
export interface ContainerUsage {
  readonly name: string;
  readonly cpuNanoseconds: bigint;
  readonly cpuNanocores: bigint;
  readonly memoryBytes: number;
  readonly startedAt: Date;
}

export interface PodUsage {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly time: Date;
  readonly containers: readonly ContainerUsage[];
}

interface Sample {
  readonly at: number;
  readonly cpu: bigint;
}

/** The use of the processor is a rate: it needs an earlier sample, which is kept for every container. */
export class UsageSource {
  readonly nodeName: string;
  readonly #now: () => Date;
  readonly #samples = new Map<string, Sample>();
  #machine: { at: number; busyMs: number } | undefined;
  #nodeCores = 0n;

  constructor(nodeName: string, now: () => Date) {
    this.nodeName = nodeName;
    this.#now = now;
  }

  /** Looks at all containers that run now. */
  async pods(manager: PodManager): Promise<PodUsage[]> {
    const seen = new Set<string>();
    const found: PodUsage[] = [];
    for (const worker of manager.workers()) {
      const containers: ContainerUsage[] = [];
      for (const { active, container } of worker.slots) {
        const usage = active === undefined ? undefined : await this.#container(container.name, active);
        if (active === undefined || usage === undefined) continue;
        seen.add(active.id);
        containers.push(usage);
      }
      const { namespace, name, uid, labels = {} } = worker.pod.metadata;
      if (containers.length > 0) found.push({ namespace, name, uid, labels, time: this.#now(), containers });
    }
    for (const id of this.#samples.keys()) if (!seen.has(id)) this.#samples.delete(id);
    return found;
  }

  /** The machine as a whole. */
  node(): { cpuNanocores: bigint; cpuNanoseconds: bigint; memoryBytes: number; time: Date } {
    const at = performance.now();
    const busyMs = cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
    const before = this.#machine;
    if (before === undefined || at - before.at > 1000) {
      if (before !== undefined)
        this.#nodeCores = BigInt(Math.round(((busyMs - before.busyMs) / (at - before.at)) * 1e9));
      this.#machine = { at, busyMs };
    }
    return {
      cpuNanocores: this.#nodeCores,
      cpuNanoseconds: BigInt(Math.round(busyMs)) * 1_000_000n,
      memoryBytes: totalmem() - freemem(),
      time: this.#now(),
    };
  }

  async #container(name: string, active: ActiveContainer): Promise<ContainerUsage | undefined> {
    const usage = await active.running.usage();
    if (usage === undefined) return undefined;
    const at = performance.now();
    const before = this.#samples.get(active.id) ?? {
      at: at - Math.max(this.#now().getTime() - active.startedAt.getTime(), 1),
      cpu: 0n,
    };
    const rate =
      ((usage.cpuNanoseconds - before.cpu) * 1_000_000_000n) / BigInt(Math.max(1, Math.round((at - before.at) * 1e6)));
    if (!this.#samples.has(active.id) || at - before.at > 1000)
      this.#samples.set(active.id, { at, cpu: usage.cpuNanoseconds });
    return { name, ...usage, cpuNanocores: rate < 0n ? 0n : rate, startedAt: active.startedAt };
  }
}

/** `/metrics/resource`, in the text format of Prometheus. */
export async function resourceMetrics(source: UsageSource, manager: PodManager): Promise<string> {
  const pods = await source.pods(manager);
  const node = source.node();
  const lines: string[] = [];
  const family = (name: string, type: string, rows: readonly string[]): void => {
    lines.push(`# TYPE ${name} ${type}`, ...rows.map((row) => `${name}${row}`));
  };
  const rows = (value: (container: ContainerUsage) => number): string[] =>
    pods.flatMap((pod) =>
      pod.containers.map((container) => {
        const labels = `{container="${container.name}",namespace="${pod.namespace}",pod="${pod.name}"}`;
        return `${labels} ${value(container)} ${pod.time.getTime()}`;
      }),
    );
  family(
    "container_cpu_usage_seconds_total",
    "counter",
    rows((each) => Number(each.cpuNanoseconds) / 1e9),
  );
  family(
    "container_memory_working_set_bytes",
    "gauge",
    rows((each) => each.memoryBytes),
  );
  family(
    "container_start_time_seconds",
    "gauge",
    rows((each) => each.startedAt.getTime() / 1000),
  );
  family("node_cpu_usage_seconds_total", "counter", [` ${Number(node.cpuNanoseconds) / 1e9} ${node.time.getTime()}`]);
  family("node_memory_working_set_bytes", "gauge", [` ${node.memoryBytes} ${node.time.getTime()}`]);
  return `${lines.join("\n")}\n`;
}
