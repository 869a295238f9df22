import type { Allowed, Isolation } from "./isolation.ts";

/** A chain of the filter table, by the name that it has below the cluster's mark. */
export interface FilterChain {
  readonly name: string;
  readonly rules: readonly string[];
}

/** Where packets of the pods' network begin: what is not refused in there goes on. */
export const policyChain = "POLICY";

/**
 * The rules that hold isolated pods apart. A chain for each pod and direction: what is allowed returns, the rest is dropped without a word, as
 * networks of clusters do. The machine itself always reaches its pods and they the machine: no packet of these is forwarded.
 */
export function isolationRules(isolations: readonly Isolation[], nameOf: (chain: string) => string): FilterChain[] {
  const entries: string[] = [];
  const chains: FilterChain[] = [];
  for (const isolation of isolations) {
    const { address } = isolation;
    for (const direction of ["egress", "ingress"] as const) {
      const allowed = isolation[direction];
      if (allowed === undefined) continue;
      const isEgress = direction === "egress";
      const [own, other] = isEgress ? ["-s", "-d"] : ["-d", "-s"];
      const name = `${isEgress ? "O" : "I"}-${address}`;
      entries.push(`${own} ${address}/32 -j ${nameOf(name)}`);
      // A pod can't be kept from itself, though it may call itself by a service.
      const rules = [`${other} ${address}/32 -j RETURN`, ...allowed.map((each) => `${match(each, other)}-j RETURN`)];
      chains.push({ name, rules: [...rules, "-j DROP"] });
    }
  }
  if (chains.length === 0) return [];
  return [{ name: policyChain, rules: entries }, ...chains];
}

function match({ block, protocol, ports }: Allowed, side: string): string {
  const who = block === undefined ? "" : `${side} ${block} `;
  const which = protocol === undefined ? "" : `-p ${protocol} -m ${protocol} `;
  return `${who}${which}${ports === undefined ? "" : `--dport ${ports} `}`;
}
