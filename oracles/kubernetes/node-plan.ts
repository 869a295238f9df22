import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { OracleError } from "../machine/oracle-error.ts";

/** More show nothing that two don't, and each wants a kubelet's share of the machine. */
export const nodesMax = 3;

/** What is settled about a node before it is there. */
export interface NodePlan {
  readonly name: string;
  readonly address: string;
  /** The other end of its cable: on the machine for the first node, on the first node for the others. */
  readonly gateway: string;
  readonly podRange: string;
}

/**
 * Addresses come out of the range that is set apart for benchmarks of networks (RFC 2544), so that they meet no network
 * of the machine's. A cluster takes the first of its 256 networks that no interface is in.
 */
export function chooseNetwork(taken: readonly string[]): number {
  for (let third = 0; third < 256; third += 1) {
    if (!taken.includes(cableEnd(third, 0, 1))) return third;
  }
  throw new OracleError("bad-state", "256 clusters are up on this machine: take one down first");
}

export function addressesTaken(): string[] {
  return Object.values(networkInterfaces()).flatMap((each) => (each ?? []).map((address) => address.address));
}

/** The names of the nodes of a cluster. */
export function nodeNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `node-${index + 1}`);
}

export function planNodes(network: number, count: number): NodePlan[] {
  return nodeNames(count).map((name, index) => ({
    name,
    address: cableEnd(network, index, 2),
    gateway: cableEnd(network, index, 1),
    podRange: `10.244.${16 * index}.0/20`,
  }));
}

/** Each cable is a network of four addresses. */
function cableEnd(network: number, cable: number, end: 1 | 2): string {
  return `198.18.${network}.${4 * cable + end}`;
}

export function nodeFolder(folder: string, name: string): string {
  return join(folder, name);
}

/** What a node's component is called in a cluster: its log has the name too. */
export function onNode(component: string, node: string): string {
  return `${component}-${node}`;
}
