import { createHash } from "node:crypto";
import { isolationRules, policyChain } from "../policies/isolation-rules.ts";
import type { Isolation } from "../policies/isolation.ts";
import type { Endpoint, ServicePort } from "./service-table.ts";

/** The names of all chains of one cluster begin with its mark, so that they can be told from everyone else's. */
export interface RuleSet {
  /** For `iptables-restore --noflush`, without the chains that are not used any more. */
  readonly text: string;
  /** By table: what the text declares. */
  readonly chains: Readonly<Record<"nat" | "filter", ReadonlySet<string>>>;
}

export interface RuleFacts {
  /** At most ten characters. */
  readonly mark: string;
  readonly bridge: string;
  /** Of the pods. */
  readonly subnet: string;
}

/** Packets that carry it get the machine's address, so that the answer comes back the same way. */
const masqueradeMark = "0x4000/0x4000";

/**
 * Where the kernel's own chains lead into ours. Cluster addresses mean what they mean to the pods of this cluster, and to the machine: another
 * cluster here may have the same ones.
 */
export function entryJumps(facts: RuleFacts): readonly (readonly ["nat" | "filter", string, readonly string[]])[] {
  const { mark, bridge } = facts;
  const jump = (name: string): string[] => ["-m", "comment", "--comment", mark, "-j", `${mark}-${name}`];
  return [
    ["nat", "PREROUTING", ["-i", bridge, ...jump("SERVICES")]],
    ["nat", "PREROUTING", ["!", "-i", bridge, ...jump("OUTSIDE")]],
    ["nat", "OUTPUT", jump("SERVICES")],
    ["nat", "POSTROUTING", jump("POST")],
    ["filter", "FORWARD", jump("FORWARD")],
    ["filter", "OUTPUT", jump("REFUSE")],
    ["filter", "INPUT", jump("REFUSE")],
  ];
}

/** What the kernel is to do with packets of services and pods. */
export interface Traffic {
  readonly ports: readonly ServicePort[];
  readonly isolations: readonly Isolation[];
}

/** The rules by which the kernel sends what goes to a service to one of its endpoints, and holds isolated pods apart. */
export function iptablesRules({ ports, isolations }: Traffic, facts: RuleFacts): RuleSet {
  const nat = new Table(facts.mark);
  const filter = new Table(facts.mark);
  for (const name of ["SERVICES", "OUTSIDE", "NODEPORTS", "POST", "LEAVE", "MARK"]) nat.declare(name);
  for (const name of ["FORWARD", "REFUSE"]) filter.declare(name);
  nat.add("MARK", `-j MARK --or-mark ${masqueradeMark.split("/")[0] ?? ""}`);
  nat.add("POST", `-m mark ! --mark ${masqueradeMark} -j ${nat.chain("LEAVE")}`);
  nat.add("POST", `-m mark ! --mark ${masqueradeMark} -j RETURN`);
  nat.add("POST", `-j MARK --xor-mark ${masqueradeMark.split("/")[0] ?? ""}`);
  nat.add("POST", "-j MASQUERADE");
  // What leaves the pods' network has the machine's address. One rule for all: the bridge plugin would make a chain for each pod.
  for (const other of [`-d ${facts.subnet}`, "-d 224.0.0.0/4"]) nat.add("LEAVE", `${other} -j RETURN`);
  nat.add("LEAVE", `-s ${facts.subnet} -j MASQUERADE`);
  for (const port of ports) {
    if (port.endpoints.length === 0) refuse(port, filter);
    else translate(port, nat);
  }
  // What still goes to a service is for a port that it doesn't have. Nobody outside could answer for it.
  for (const address of new Set(ports.flatMap(({ clusterAddresses }) => clusterAddresses)))
    filter.add("REFUSE", `-d ${address}/32 -j REJECT`);
  nat.add("SERVICES", `-j ${nat.chain("OUTSIDE")}`);
  nat.add("OUTSIDE", `-m addrtype --dst-type LOCAL -j ${nat.chain("NODEPORTS")}`);
  filter.add("FORWARD", `-i ${facts.bridge} -j ${filter.chain("REFUSE")}`);
  isolate(isolations, filter, facts.bridge);
  for (const side of ["-i", "-o"]) filter.add("FORWARD", `${side} ${facts.bridge} -j ACCEPT`);
  return {
    text: `*nat\n${nat.text()}COMMIT\n*filter\n${filter.text()}COMMIT\n`,
    chains: { nat: nat.chains, filter: filter.chains },
  };
}

/** What belongs to a connection that was allowed passes. */
function isolate(isolations: readonly Isolation[], filter: Table, bridge: string): void {
  const chains = isolationRules(isolations, (name) => filter.chain(name));
  if (chains.length === 0) return;
  for (const side of ["-i", "-o"]) {
    filter.add("FORWARD", `${side} ${bridge} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`);
  }
  filter.add("FORWARD", `-j ${filter.chain(policyChain)}`);
  for (const { name, rules } of chains) {
    filter.declare(name);
    for (const rule of rules) filter.add(name, rule);
  }
}

class Table {
  readonly chains = new Set<string>();
  readonly #mark: string;
  readonly #rules: string[] = [];

  constructor(mark: string) {
    this.#mark = mark;
  }

  chain(name: string): string {
    return `${this.#mark}-${name}`;
  }

  declare(name: string): void {
    this.chains.add(this.chain(name));
  }

  add(name: string, rule: string): void {
    this.#rules.push(`-A ${this.chain(name)} ${rule}`);
  }

  text(): string {
    const declared = [...this.chains].map((name) => `:${name} - [0:0]`);
    return `${[...declared, ...this.#rules].join("\n")}\n`;
  }
}

function translate(port: ServicePort, nat: Table): void {
  const service = `S-${short(`${port.key}/${port.protocol}`)}`;
  nat.declare(service);
  const goal = `-j ${nat.chain(service)}`;
  for (const address of port.clusterAddresses) nat.add("SERVICES", `${to(address, port)} ${goal}`);
  const mark = port.keepsSource ? `-m addrtype --src-type LOCAL -j ${nat.chain("MARK")}` : `-j ${nat.chain("MARK")}`;
  for (const address of port.externalAddresses) {
    nat.add("OUTSIDE", `${to(address, port)} ${mark}`);
    nat.add("OUTSIDE", `${to(address, port)} ${goal}`);
  }
  if (port.nodePort !== undefined) {
    const match = `-p ${port.protocol} -m ${port.protocol} --dport ${port.nodePort}`;
    nat.add("NODEPORTS", `${match} ${mark}`);
    nat.add("NODEPORTS", `${match} ${goal}`);
  }
  balance(port, service, nat);
}

/** Each endpoint has the same chance: of those that are left, one in so many. */
function balance(port: ServicePort, service: string, nat: Table): void {
  const { endpoints, affinitySeconds } = port;
  const chainOf = (endpoint: Endpoint): string =>
    `E-${short(`${port.key}/${port.protocol}/${endpoint.address}:${endpoint.port}`)}`;
  if (affinitySeconds !== undefined) {
    for (const endpoint of endpoints) {
      const name = nat.chain(chainOf(endpoint));
      nat.add(service, `-m recent --name ${name} --rcheck --seconds ${affinitySeconds} --reap -j ${name}`);
    }
  }
  for (const [index, endpoint] of endpoints.entries()) {
    const chain = chainOf(endpoint);
    nat.declare(chain);
    const left = endpoints.length - index;
    const chance = left === 1 ? "" : `-m statistic --mode random --probability ${(1 / left).toFixed(10)} `;
    nat.add(service, `${chance}-j ${nat.chain(chain)}`);
    // A pod that calls itself by the service must not get its own address as the caller's.
    nat.add(chain, `-s ${endpoint.address}/32 -j ${nat.chain("MARK")}`);
    const remember = affinitySeconds === undefined ? "" : `-m recent --name ${nat.chain(chain)} --set `;
    const goal = `-j DNAT --to-destination ${endpoint.address}:${endpoint.port}`;
    nat.add(chain, `${remember}-p ${port.protocol} -m ${port.protocol} ${goal}`);
  }
}

/** A service without endpoints says so at once. */
function refuse(port: ServicePort, filter: Table): void {
  for (const address of [...port.clusterAddresses, ...port.externalAddresses])
    filter.add("REFUSE", `${to(address, port)} -j REJECT`);
  if (port.nodePort !== undefined) {
    const match = `-p ${port.protocol} -m ${port.protocol} --dport ${port.nodePort}`;
    filter.add("REFUSE", `-m addrtype --dst-type LOCAL ${match} -j REJECT`);
  }
}

function to(address: string, { protocol, port }: ServicePort): string {
  return `-d ${address}/32 -p ${protocol} -m ${protocol} --dport ${port}`;
}

function short(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12).toUpperCase();
}
