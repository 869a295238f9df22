import type { KubeObject } from "../../object/kube-object.ts";
import type { DnsRecord } from "./dns-message.ts";

/** What cluster DNS knows, by name (in lower case, without the last dot). */
export interface ClusterZone {
  readonly domain: string;
  readonly records: ReadonlyMap<string, readonly DnsRecord[]>;
}

export interface ZoneFacts {
  readonly domain: string;
  readonly ttl: number;
  readonly services: readonly KubeObject[];
  readonly slices: readonly KubeObject[];
  /** The address under which a cluster address is reached; the same one where the kernel translates. */
  readonly reach?: (clusterAddress: string) => string;
}

interface ServiceSpec {
  readonly type?: string;
  readonly clusterIP?: string;
  readonly clusterIPs?: readonly string[];
  readonly externalName?: string;
  readonly publishNotReadyAddresses?: boolean;
  readonly ports?: readonly { readonly name?: string; readonly protocol?: string; readonly port: number }[];
}

interface SliceShape {
  readonly addressType?: string;
  readonly ports?: readonly { readonly name?: string; readonly protocol?: string; readonly port?: number }[] | null;
  readonly endpoints?:
    | readonly {
        readonly addresses?: readonly string[];
        readonly hostname?: string;
        readonly conditions?: { readonly ready?: boolean };
      }[]
    | null;
}

/** The names of services and of what answers for headless ones (Kubernetes' DNS specification 1.1.0). */
export function clusterZone(facts: ZoneFacts): ClusterZone {
  const { domain, services, slices } = facts;
  const zone = new Zone(facts.ttl);
  zone.add({ type: "TXT", name: `dns-version.${domain}`, text: "1.1.0" });
  const slicesOf = new Map<string, SliceShape[]>();
  for (const slice of slices) {
    const key = `${slice.metadata.namespace ?? ""}/${slice.metadata.labels?.["kubernetes.io/service-name"] ?? ""}`;
    slicesOf.set(key, [...(slicesOf.get(key) ?? []), slice as unknown as SliceShape]);
  }
  for (const service of services) {
    const { namespace = "", name = "" } = service.metadata;
    const full = `${name}.${namespace}.svc.${domain}`;
    // Decoded and validated by the API server.
    const { spec = {} } = service as unknown as { spec?: ServiceSpec };
    zone.exist(`${namespace}.svc.${domain}`);
    if (spec.type === "ExternalName") {
      if (spec.externalName !== undefined)
        zone.add({ type: "CNAME", name: full, target: spec.externalName.replace(/\.$/u, "") });
    } else if (spec.clusterIP === "None") {
      addHeadless(zone, full, slicesOf.get(`${namespace}/${name}`) ?? []);
    } else {
      addService(zone, full, spec, facts.reach ?? ((address) => address));
    }
  }
  return { domain, records: zone.records };
}

class Zone {
  readonly records = new Map<string, DnsRecord[]>();
  readonly #ttl: number;

  constructor(ttl: number) {
    this.#ttl = ttl;
  }

  add(record: WithoutTtl<DnsRecord>): void {
    const name = record.name.toLowerCase();
    const whole: DnsRecord = { ...record, name, ttl: this.#ttl };
    const known = this.records.get(name) ?? [];
    const text = JSON.stringify(whole);
    if (known.some((each) => JSON.stringify(each) === text)) return;
    this.records.set(name, [...known, whole]);
    // All names above it exist too, though nothing is known of them.
    for (let dot = name.indexOf("."); dot >= 0; dot = name.indexOf(".", dot + 1)) this.exist(name.slice(dot + 1));
  }

  exist(name: string): void {
    if (!this.records.has(name)) this.records.set(name, []);
  }
}

type WithoutTtl<T> = T extends unknown ? Omit<T, "ttl"> : never;

function addService(zone: Zone, full: string, spec: ServiceSpec, reach: (address: string) => string): void {
  for (const clusterAddress of (spec.clusterIPs ?? [spec.clusterIP ?? ""]).filter(isAddress)) {
    const address = reach(clusterAddress);
    zone.add({ type: "A", name: full, address });
    zone.add({ type: "PTR", name: reverseName(address), target: full });
  }
  for (const { name = "", protocol = "TCP", port } of spec.ports ?? []) {
    if (name === "") continue;
    const service = `_${name}._${protocol.toLowerCase()}.${full}`;
    zone.add({ type: "SRV", name: service, priority: 0, weight: 100, port, target: full });
  }
}

function addHeadless(zone: Zone, full: string, slices: readonly SliceShape[]): void {
  zone.exist(full);
  for (const { addressType, ports, endpoints } of slices) {
    if (addressType !== undefined && addressType !== "IPv4") continue;
    for (const { addresses = [], hostname, conditions = {} } of endpoints ?? []) {
      if (conditions.ready === false) continue;
      for (const address of addresses) {
        const own = `${hostname ?? address.replaceAll(".", "-")}.${full}`;
        zone.add({ type: "A", name: full, address });
        zone.add({ type: "A", name: own, address });
        if (hostname !== undefined) zone.add({ type: "PTR", name: reverseName(address), target: own });
        for (const { name = "", protocol = "TCP", port } of ports ?? []) {
          if (name === "" || port === undefined) continue;
          const service = `_${name}._${protocol.toLowerCase()}.${full}`;
          zone.add({ type: "SRV", name: service, priority: 0, weight: 100, port, target: own });
        }
      }
    }
  }
}

/** `4.3.2.1.in-addr.arpa` */
export function reverseName(address: string): string {
  return `${address.split(".").toReversed().join(".")}.in-addr.arpa`;
}

function isAddress(text: string): boolean {
  return /^\d+\.\d+\.\d+\.\d+$/u.test(text);
}
