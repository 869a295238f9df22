import type { KubeObject } from "../../object/kube-object.ts";

/** One port of a service, with everyone who answers for it. */
export interface ServicePort {
  /** `default/web:http` */
  readonly key: string;
  readonly protocol: "tcp" | "udp";
  /** Where it is reached from within: its cluster addresses. */
  readonly clusterAddresses: readonly string[];
  /** Further addresses under which it is to be reached. */
  readonly externalAddresses: readonly string[];
  readonly port: number;
  readonly nodePort: number | undefined;
  /** Traffic from outside keeps the caller's address. */
  readonly keepsSource: boolean;
  /** How long a caller comes to the same endpoint again; undefined: it need not. */
  readonly affinitySeconds: number | undefined;
  readonly endpoints: readonly Endpoint[];
}

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

interface ServiceShape {
  readonly spec?: {
    readonly type?: string;
    readonly clusterIPs?: readonly string[];
    readonly clusterIP?: string;
    readonly externalIPs?: readonly string[];
    readonly externalTrafficPolicy?: string;
    readonly sessionAffinity?: string;
    readonly sessionAffinityConfig?: { readonly clientIP?: { readonly timeoutSeconds?: number } };
    readonly ports?: readonly {
      readonly name?: string;
      readonly protocol?: string;
      readonly port: number;
      readonly nodePort?: number;
    }[];
  };
  readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string }[] } };
}

interface SliceShape {
  readonly addressType?: string;
  readonly ports?: readonly { readonly name?: string; readonly protocol?: string; readonly port?: number }[] | null;
  readonly endpoints?:
    | readonly {
        readonly addresses?: readonly string[];
        readonly conditions?: { readonly ready?: boolean; readonly serving?: boolean; readonly terminating?: boolean };
      }[]
    | null;
}

const affinityDefaultSeconds = 10_800;
const serviceLabel = "kubernetes.io/service-name";
const notProxiedLabel = "service.kubernetes.io/service-proxy-name";

/** All ports of all services that have an address, from the objects of the API server. IPv4 and TCP or UDP; nothing else is translated. */
export function serviceTable(services: readonly KubeObject[], slices: readonly KubeObject[]): ServicePort[] {
  const slicesOf = groupSlices(slices);
  return services.flatMap((service): ServicePort[] => {
    const { namespace = "", name = "", labels = {} } = service.metadata;
    // Decoded and validated by the API server.
    const { spec = {}, status = {} } = service as unknown as ServiceShape;
    const clusterAddresses = (spec.clusterIPs ?? [spec.clusterIP ?? ""]).filter(isAddress);
    if (clusterAddresses.length === 0 || spec.type === "ExternalName" || labels[notProxiedLabel] !== undefined)
      return [];
    const own = slicesOf.get(`${namespace}/${name}`) ?? [];
    const balanced = (status.loadBalancer?.ingress ?? []).map(({ ip = "" }) => ip);
    return (spec.ports ?? []).flatMap((port): ServicePort[] => {
      const protocol = (port.protocol ?? "TCP").toLowerCase();
      if (protocol !== "tcp" && protocol !== "udp") return [];
      return [
        {
          key: `${namespace}/${name}:${port.name ?? ""}`,
          protocol,
          clusterAddresses,
          externalAddresses: [...(spec.externalIPs ?? []), ...balanced].filter(isAddress),
          port: port.port,
          nodePort: port.nodePort === 0 ? undefined : port.nodePort,
          keepsSource: spec.externalTrafficPolicy === "Local",
          affinitySeconds: affinityOf(spec),
          endpoints: endpointsOf(own, port.name ?? "", protocol),
        },
      ];
    });
  });
}

function groupSlices(slices: readonly KubeObject[]): Map<string, SliceShape[]> {
  const found = new Map<string, SliceShape[]>();
  for (const slice of slices) {
    const key = `${slice.metadata.namespace ?? ""}/${slice.metadata.labels?.[serviceLabel] ?? ""}`;
    found.set(key, [...(found.get(key) ?? []), slice as unknown as SliceShape]);
  }
  return found;
}

/** Those that are ready; where there is none, those that are ending and still answer. */
function endpointsOf(slices: readonly SliceShape[], portName: string, protocol: string): Endpoint[] {
  const ready = new Map<string, Endpoint>();
  const ending = new Map<string, Endpoint>();
  for (const { addressType, ports, endpoints } of slices) {
    if (addressType !== undefined && addressType !== "IPv4") continue;
    const port = ports?.find(
      (each) => (each.name ?? "") === portName && (each.protocol ?? "TCP").toLowerCase() === protocol,
    )?.port;
    if (port === undefined) continue;
    for (const { addresses = [], conditions = {} } of endpoints ?? []) {
      const [address] = addresses;
      if (address === undefined) continue;
      if (conditions.ready !== false) ready.set(`${address}:${port}`, { address, port });
      else if (conditions.serving === true && conditions.terminating === true)
        ending.set(`${address}:${port}`, { address, port });
    }
  }
  return [...(ready.size > 0 ? ready : ending).values()];
}

function affinityOf(spec: NonNullable<ServiceShape["spec"]>): number | undefined {
  if (spec.sessionAffinity !== "ClientIP") return undefined;
  return spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? affinityDefaultSeconds;
}

function isAddress(text: string): boolean {
  return /^\d+\.\d+\.\d+\.\d+$/u.test(text);
}

/** A port that leads to a program of the machine's, whatever objects say. */
export function ownPort(
  key: string,
  { at, to, protocol = "tcp" }: { readonly at: Endpoint; readonly to: Endpoint; readonly protocol?: "tcp" | "udp" },
): ServicePort {
  return {
    key,
    protocol,
    clusterAddresses: [at.address],
    externalAddresses: [],
    port: at.port,
    nodePort: undefined,
    keepsSource: false,
    affinitySeconds: undefined,
    endpoints: [to],
  };
}
