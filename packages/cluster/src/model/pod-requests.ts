import type { Pod, Requirements, ResourceAmounts } from "./pod.ts";
import { parseQuantity } from "./quantity.ts";
import type { Quantity } from "./quantity.ts";

export type Amounts = Map<string, Quantity>;

/** What of a pod's specification says what it takes. */
export interface Demand {
  readonly containers: readonly ContainerDemand[];
  readonly initContainers?: readonly ContainerDemand[];
  readonly overhead?: ResourceAmounts;
  readonly resources?: Requirements;
}

export interface ContainerDemand {
  readonly restartPolicy?: string;
  readonly resources?: Requirements;
}

/** What a pod takes of a node: its containers together, or an init container that needs more, and what running it costs. */
export function podAmounts(pod: { readonly spec: Demand }, which: "requests" | "limits" = "requests"): Amounts {
  const { containers, initContainers = [], overhead, resources } = pod.spec;
  const total: Amounts = new Map();
  for (const container of containers) addAll(total, amountsOf(container, which));
  const sidecars: Amounts = new Map();
  const beginning: Amounts = new Map();
  for (const container of initContainers) {
    const own = amountsOf(container, which);
    if (container.restartPolicy === "Always") {
      addAll(total, own);
      addAll(sidecars, own);
      raise(beginning, sidecars);
    } else {
      const meanwhile = new Map(own);
      addAll(meanwhile, sidecars);
      raise(beginning, meanwhile);
    }
  }
  raise(total, beginning);
  // What is said for the whole pod replaces what its containers add up to.
  for (const [name, amount] of parseAmounts(resources?.[which])) total.set(name, amount);
  if (which === "requests" || total.size > 0) addAll(total, parseAmounts(overhead));
  return total;
}

export function parseAmounts(amounts: ResourceAmounts | undefined): Amounts {
  return new Map(Object.entries(amounts ?? {}).map(([name, text]) => [name, parseQuantity(text)]));
}

export function addAll(total: Amounts, amounts: Amounts): void {
  for (const [name, amount] of amounts) total.set(name, (total.get(name) ?? 0n) + amount);
}

export function subtractAll(total: Amounts, amounts: Amounts): void {
  for (const [name, amount] of amounts) total.set(name, (total.get(name) ?? 0n) - amount);
}

export function priorityOf(pod: Pod): number {
  return pod.spec.priority ?? 0;
}

function amountsOf(container: ContainerDemand, which: "requests" | "limits"): Amounts {
  return parseAmounts(container.resources?.[which]);
}

function raise(total: Amounts, least: Amounts): void {
  for (const [name, amount] of least) if ((total.get(name) ?? 0n) < amount) total.set(name, amount);
}
