import type { EndpointSliceObject, PodObject, ServiceObject, ServicePortName } from "../cluster/cluster-objects.ts";

/** A pod that answers. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
  /** For messages. */
  readonly name: string;
}

export type FoundEndpoints =
  | { readonly kind: "found"; readonly endpoints: readonly Endpoint[] }
  | { readonly kind: "no-service" }
  | { readonly kind: "no-port"; readonly ports: readonly string[] }
  | { readonly kind: "none-ready"; readonly pods: number };

export interface ServiceObjects {
  readonly service: ServiceObject | undefined;
  readonly slices: readonly EndpointSliceObject[];
  /** Those that the service selects. */
  readonly pods: () => readonly PodObject[];
}

type ServicePort = NonNullable<NonNullable<ServiceObject["spec"]>["ports"]>[number];

/** The ready pods behind a port of a service. */
export function findEndpoints({ service, slices, pods }: ServiceObjects, port: ServicePortName): FoundEndpoints {
  if (service === undefined) return { kind: "no-service" };
  const ports = service.spec?.ports ?? [];
  const servicePort = ports.find((each) =>
    port.number === undefined ? each.name === port.name : each.port === port.number,
  );
  if (servicePort === undefined) {
    return {
      kind: "no-port",
      ports: ports.map(({ name, port: number }) => (name === undefined ? `${number}` : `${number} (${name})`)),
    };
  }
  const listed = slices.flatMap((slice) => endpointsOf(slice, servicePort));
  const ready = listed.filter((each) => each.isReady);
  if (ready.length > 0) return { kind: "found", endpoints: ready.map((each) => each.endpoint) };
  // As kube-proxy does: when all are ending, those that still serve are better than none.
  const serving = listed.filter((each) => each.isServing);
  if (serving.length > 0) return { kind: "found", endpoints: serving.map((each) => each.endpoint) };
  const selected = pods();
  // Pods with addresses that a slice can't hold, such as those of this machine's loopback, are in none.
  const own = listed.length > 0 ? [] : selected.flatMap((pod) => podEndpoint(pod, servicePort));
  return own.length > 0 ? { kind: "found", endpoints: own } : { kind: "none-ready", pods: selected.length };
}

interface ListedEndpoint {
  readonly endpoint: Endpoint;
  readonly isReady: boolean;
  readonly isServing: boolean;
}

function endpointsOf(slice: EndpointSliceObject, servicePort: ServicePort): readonly ListedEndpoint[] {
  const number = (slice.ports ?? []).find((each) => (each.name ?? "") === (servicePort.name ?? ""))?.port;
  if (number === undefined) return [];
  return (slice.endpoints ?? []).flatMap(({ addresses, conditions = {}, targetRef }) => {
    const address = addresses[0];
    if (address === undefined) return [];
    const isReady = conditions.ready ?? true;
    return {
      endpoint: { address, port: number, name: targetRef?.name ?? address },
      isReady,
      isServing: conditions.serving ?? isReady,
    };
  });
}

function podEndpoint(pod: PodObject, { targetPort, port }: ServicePort): readonly Endpoint[] {
  const { podIP: address, phase, conditions = [] } = pod.status ?? {};
  const isReady = conditions.some(({ type, status }) => type === "Ready" && status === "True");
  if (address === undefined || phase !== "Running" || !isReady) return [];
  if (pod.metadata.deletionTimestamp !== undefined) return [];
  const number = typeof targetPort === "string" ? namedPort(pod, targetPort) : (targetPort ?? port);
  return number === undefined ? [] : [{ address, port: number, name: pod.metadata.name ?? address }];
}

function namedPort(pod: PodObject, name: string): number | undefined {
  return (pod.spec?.containers ?? []).flatMap(({ ports = [] }) => ports).find((each) => each.name === name)
    ?.containerPort;
}

export function isSelected(pod: PodObject, service: ServiceObject): boolean {
  const wanted = Object.entries(service.spec?.selector ?? {});
  const labels = pod.metadata.labels ?? {};
  return wanted.length > 0 && wanted.every(([name, value]) => Object.hasOwn(labels, name) && labels[name] === value);
}
