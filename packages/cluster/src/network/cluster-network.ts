import type { KubeObject } from "../object/kube-object.ts";
import { clusterZone } from "./dns/cluster-zone.ts";
import type { ClusterZone } from "./dns/cluster-zone.ts";
import { startDnsServer } from "./dns/dns-server.ts";
import type { DnsServer } from "./dns/dns-server.ts";
import { createForwarder, machineServers } from "./dns/forwarder.ts";
import { dnsTtlSeconds, gatherMs, loopbackDnsPort, rulesRetryMs } from "./limits.ts";
import { leadToHost } from "./services/host-services.ts";
import type { HostService } from "./services/host-services.ts";
import { isolations } from "./policies/isolation.ts";
import type { Isolation, PolicyFacts } from "./policies/isolation.ts";
import { Iptables } from "./services/iptables.ts";
import { LoopbackServices } from "./services/loopback-services.ts";
import { ownPort, serviceTable } from "./services/service-table.ts";
import type { Endpoint, ServicePort } from "./services/service-table.ts";

/**
 * How services are reached. `kernel`: at their own cluster addresses and node ports, by rules of iptables, from pods and from the machine.
 * `loopback`: where pods are processes of the machine, each service has a loopback address of its own (the last two numbers are those of its
 * cluster address) at which this process listens and passes connections on.
 */
export type ServiceWay =
  | {
      readonly kind: "kernel";
      readonly mark: string;
      readonly bridge: string;
      readonly gateway: string;
      /** Of the pods. */
      readonly subnet: string;
    }
  | { readonly kind: "loopback"; readonly block: number };

export interface ClusterNetworkOptions {
  readonly way: ServiceWay;
  readonly services: () => readonly KubeObject[];
  /** EndpointSlices. */
  readonly slices: () => readonly KubeObject[];
  /** What is known of network policies; only the kernel enforces them. */
  readonly policies?: () => PolicyFacts;
  readonly domain: string;
  /** The cluster address of cluster DNS. */
  readonly dnsAddress: string;
  /** Where the service `kubernetes` leads, whatever its endpoints say: one on a loopback address can't be written down. */
  readonly apiServer: Endpoint | undefined;
  /** Services that lead to programs of this machine. */
  readonly hostServices: readonly HostService[];
  readonly log: (line: string) => void;
}

export interface ClusterNetwork {
  /** Where pods ask for names, for their resolv.conf. */
  readonly resolver: { readonly address: string; readonly port: number };
  /** The address under which a cluster address is reached. */
  readonly reach: (clusterAddress: string) => string;
  /** Services or endpoints changed: soon the rules do too. */
  readonly changed: () => void;
  /** All changes so far are in effect. */
  readonly settled: () => Promise<void>;
  /** With `keep` pods that go on still reach the services that were there. */
  readonly close: (options: { readonly keep: boolean }) => Promise<void>;
}

interface Rules {
  readonly apply: (ports: readonly ServicePort[], isolations: readonly Isolation[]) => Promise<void>;
  readonly close: (options: { readonly keep: boolean }) => Promise<void>;
}

/** Service addresses and cluster DNS of a node. */
export async function startClusterNetwork(options: ClusterNetworkOptions): Promise<ClusterNetwork> {
  const { way, services, slices, domain, dnsAddress, hostServices, policies, log } = options;
  const reach = (address: string): string => (way.kind === "kernel" ? address : loopbackOf(address, way.block));
  const makeZone = (): ClusterZone =>
    clusterZone({ domain, ttl: dnsTtlSeconds, services: services(), slices: slices(), reach });
  let zone: ClusterZone | undefined;
  const dns = await startDns(options, () => (zone ??= makeZone()));
  const rules = await openRules(way, { reach, log });
  const tablePorts = (): ServicePort[] => {
    const known = services();
    return withOwn(leadToHost(serviceTable(known, slices()), known, hostServices), options, dns);
  };
  const writer = createWriter(
    () => rules.apply(tablePorts(), policies === undefined ? [] : isolations(policies())),
    log,
  );
  writer.request();
  return {
    resolver: way.kind === "kernel" ? { address: dnsAddress, port: 53 } : { address: dns.host, port: dns.port },
    reach,
    changed: () => {
      zone = undefined;
      writer.request();
    },
    settled: writer.settled,
    close: async ({ keep }) => {
      await writer.close();
      await rules.close({ keep });
      await dns.close();
    },
  };
}

async function startDns(options: ClusterNetworkOptions, zone: () => ClusterZone): Promise<DnsServer> {
  const { way, dnsAddress, log } = options;
  const host = way.kind === "kernel" ? way.gateway : loopbackOf(dnsAddress, way.block);
  const forward = createForwarder(machineServers("/etc/resolv.conf", [dnsAddress, host]));
  const start = (port: number): Promise<DnsServer> => startDnsServer({ host, port, zone, forward, log });
  // Rules lead pods to wherever it is. Without them pods that outlive a crash go on asking where they asked before it.
  return way.kind === "kernel" ? start(0) : start(loopbackDnsPort).catch(() => start(0));
}

async function openRules(
  way: ServiceWay,
  parts: { readonly reach: (address: string) => string; readonly log: (line: string) => void },
): Promise<Rules> {
  if (way.kind === "loopback") return new LoopbackServices(parts);
  const iptables = new Iptables(way);
  await iptables.open();
  return {
    apply: (ports, isolated) => iptables.apply({ ports, isolations: isolated }),
    close: async ({ keep }) => {
      if (!keep) await iptables.close();
    },
  };
}

/** The address of cluster DNS leads to the server here, whatever the object that stands for it says or whether there is one. */
function withOwn(ports: readonly ServicePort[], options: ClusterNetworkOptions, dns: DnsServer): ServicePort[] {
  const { dnsAddress, apiServer } = options;
  const others = ports.filter((port) => !(port.clusterAddresses.includes(dnsAddress) && port.port === 53));
  const own = (["udp", "tcp"] as const).map((protocol): ServicePort => {
    const at = { address: dnsAddress, port: 53 };
    return ownPort(`kube-system/kube-dns:dns-${protocol}`, {
      at,
      to: { address: dns.host, port: dns.port },
      protocol,
    });
  });
  const withApi = others.map((port): ServicePort => {
    const isApi = port.key.startsWith("default/kubernetes:");
    return isApi && apiServer !== undefined ? { ...port, endpoints: [apiServer] } : port;
  });
  return [...own, ...withApi];
}

/** `10.96.3.7` is reached at `127.B.3.7`. */
function loopbackOf(clusterAddress: string, block: number): string {
  const [, , third = "0", fourth = "0"] = clusterAddress.split(".");
  return `127.${block}.${third}.${fourth}`;
}

interface Writer {
  readonly request: () => void;
  readonly settled: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Gathers changes for a moment, writes one table at a time, and tries again when that failed. */
function createWriter(write: () => Promise<void>, log: (line: string) => void): Writer {
  let isDirty = false;
  let running: Promise<void> | undefined;
  const ending = new AbortController();
  const pause = async (ms: number): Promise<void> => {
    if (ending.signal.aborted) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        ending.signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      ending.signal.addEventListener("abort", done);
    });
  };
  const run = async (): Promise<void> => {
    while (isDirty && !ending.signal.aborted) {
      await pause(gatherMs);
      isDirty = false;
      try {
        if (!ending.signal.aborted) await write();
      } catch (error) {
        log(`service addresses: ${error instanceof Error ? error.message : String(error)}`);
        isDirty = true;
        await pause(rulesRetryMs);
      }
    }
    running = undefined;
  };
  const request = (): void => {
    isDirty = true;
    running ??= run();
  };
  const settled = async (): Promise<void> => {
    for (let current = running; current !== undefined; current = running) await current;
  };
  return {
    request,
    settled,
    close: async () => {
      ending.abort();
      await settled();
    },
  };
}
