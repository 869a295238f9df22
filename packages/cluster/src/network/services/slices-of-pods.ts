import type { KubeObject } from "../../object/kube-object.ts";

interface ServiceShape {
  readonly spec?: {
    readonly selector?: Readonly<Record<string, string>>;
    readonly publishNotReadyAddresses?: boolean;
    readonly ports?: readonly {
      readonly name?: string;
      readonly protocol?: string;
      readonly port: number;
      readonly targetPort?: number | string;
    }[];
  };
}

interface PodShape {
  readonly spec?: {
    readonly hostname?: string;
    readonly subdomain?: string;
    readonly containers?: readonly {
      readonly ports?: readonly {
        readonly name?: string;
        readonly protocol?: string;
        readonly containerPort: number;
      }[];
    }[];
  };
  readonly status?: {
    readonly podIP?: string;
    readonly phase?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

const serviceLabel = "kubernetes.io/service-name";

/**
 * What answers for services, from the pods themselves: the API takes no loopback address in an EndpointSlice, so that pods which have no other
 * are in none. Only such pods are looked at.
 */
export function slicesOfPods(services: readonly KubeObject[], pods: readonly KubeObject[]): KubeObject[] {
  const candidates = pods.flatMap((pod) => {
    // Decoded and validated by the API server.
    const shape = pod as unknown as PodShape;
    const { podIP = "", phase } = shape.status ?? {};
    const isGone = phase === "Succeeded" || phase === "Failed" || pod.metadata.deletionTimestamp !== undefined;
    return podIP.startsWith("127.") && !isGone ? [{ pod, shape, address: podIP }] : [];
  });
  return services.flatMap((service): KubeObject[] => {
    const { namespace = "", name = "" } = service.metadata;
    const {
      selector = {},
      ports = [],
      publishNotReadyAddresses = false,
    } = (service as unknown as ServiceShape).spec ?? {};
    const wanted = Object.entries(selector);
    if (wanted.length === 0) return [];
    return candidates
      .filter(({ pod }) => pod.metadata.namespace === namespace && hasLabels(pod, wanted))
      .map(({ pod, shape, address }) => {
        const { hostname, subdomain } = shape.spec ?? {};
        const isReady = publishNotReadyAddresses || isConditionTrue(shape, "Ready");
        const endpoint = {
          addresses: [address],
          conditions: { ready: isReady, serving: isReady, terminating: false },
          ...(hostname !== undefined && subdomain === name ? { hostname } : {}),
        };
        return {
          apiVersion: "discovery.k8s.io/v1",
          kind: "EndpointSlice",
          metadata: { name: pod.metadata.name ?? "", namespace, labels: { [serviceLabel]: name } },
          addressType: "IPv4",
          endpoints: [endpoint],
          ports: ports.flatMap((port) => {
            const number = targetPort(port, shape);
            return number === undefined
              ? []
              : [{ name: port.name ?? "", protocol: port.protocol ?? "TCP", port: number }];
          }),
        } as KubeObject;
      });
  });
}

function hasLabels({ metadata }: KubeObject, wanted: readonly (readonly [string, string])[]): boolean {
  return wanted.every(([name, value]) => metadata.labels?.[name] === value);
}

function isConditionTrue({ status }: PodShape, type: string): boolean {
  return status?.conditions?.some((each) => each.type === type && each.status === "True") === true;
}

/** By number, or by the name that a container gives it. */
function targetPort(
  port: { readonly port: number; readonly targetPort?: number | string; readonly protocol?: string },
  { spec }: PodShape,
): number | undefined {
  const { targetPort: target = port.port, protocol = "TCP" } = port;
  if (typeof target === "number") return target;
  const named = (spec?.containers ?? []).flatMap((container) => container.ports ?? []);
  return named.find((each) => each.name === target && (each.protocol ?? "TCP") === protocol)?.containerPort;
}
