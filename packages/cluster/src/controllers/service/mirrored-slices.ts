import { isIPv4, isIPv6 } from "node:net";
import { equalJson } from "../../object/json-value.ts";
import type { KubeObject } from "../../object/kube-object.ts";
import { done, keyOf, resources, splitKey, unless, watching } from "../../loop/index.ts";
import type { Controller, ControllerContext, EventRecorder, Informer, Outcome } from "../../loop/index.ts";
import { byAge, controllerReference } from "../../model/owner.ts";
import { isTerminating } from "../../model/pod.ts";
import { goJson } from "../../model/hash.ts";
import type { BackendPort } from "./backend.ts";
import type { EndpointSlice } from "./endpoint-slice.ts";
import type { Endpoints } from "./endpoints.ts";
import { inPortOrder } from "./port-order.ts";
import type { Service } from "./service-object.ts";

const addressesPerSubsetMax = 1_000;
const managerLabel = "endpointslice.kubernetes.io/managed-by";
const manager = "endpointslicemirroring-controller.k8s.io";
const serviceLabel = "kubernetes.io/service-name";
const skipLabel = "endpointslice.kubernetes.io/skip-mirror";
const leaderAnnotation = "control-plane.alpha.kubernetes.io/leader";
const unmirrored = [
  "endpoints.kubernetes.io/last-change-trigger-time",
  "kubectl.kubernetes.io/last-applied-configuration",
];

interface Parts {
  readonly context: ControllerContext;
  readonly services: Informer<Service>;
  readonly endpoints: Informer<Endpoints>;
  readonly slices: Informer<EndpointSlice>;
  readonly events: EventRecorder;
}

/** Writes as slices what somebody wrote as endpoints, for services that select no pods. */
export function mirroredSlicesController(context: ControllerContext): Controller {
  const parts: Parts = {
    context,
    services: context.informers.of<Service>(resources.services),
    endpoints: context.informers.of<Endpoints>(resources.endpoints),
    slices: context.informers.of<EndpointSlice>(resources.endpointSlices),
    events: context.eventsOf("endpoint-slice-mirroring-controller"),
  };
  return {
    name: "endpointslice-mirroring-controller",
    watches: [
      watching(parts.endpoints, (endpoints) => [keyOf(endpoints)]),
      watching(parts.services, (service) => [keyOf(service)]),
      watching(parts.slices, (slice) => {
        const { namespace = "", labels } = slice.metadata;
        return labels?.[managerLabel] === manager ? [`${namespace}/${labels[serviceLabel] ?? ""}`] : [];
      }),
    ],
    reconcile: (key) => reconcile(parts, key),
  };
}

async function reconcile(parts: Parts, key: string): Promise<Outcome> {
  const { namespace, name } = splitKey(key);
  const existing = parts.slices
    .list(namespace)
    .filter(({ metadata }) => metadata.labels?.[managerLabel] === manager && metadata.labels[serviceLabel] === name)
    .filter((slice) => !isTerminating(slice))
    .sort(byAge);
  const endpoints = parts.endpoints.get(namespace, name);
  const service = parts.services.get(namespace, name);
  if (
    endpoints === undefined ||
    service === undefined ||
    service.spec.selector !== undefined ||
    !isMirrored(endpoints)
  ) {
    await removeAll(parts, existing);
    return done;
  }
  const wanted = wantedSlices(parts, endpoints);
  const free = [...existing];
  for (const slice of wanted) {
    const id = groupId(slice.addressType, slice.ports ?? []);
    const index = free.findIndex((other) => groupId(other.addressType, other.ports ?? []) === id);
    const [current] = index < 0 ? [] : free.splice(index, 1);
    await write(parts, current ?? free.find((other) => other.addressType === slice.addressType), slice);
    if (current === undefined) {
      const recycled = free.findIndex((other) => other.addressType === slice.addressType);
      if (recycled >= 0) free.splice(recycled, 1);
    }
  }
  await removeAll(parts, free);
  return done;
}

function isMirrored({ metadata }: Endpoints): boolean {
  return metadata.labels?.[skipLabel] !== "true" && metadata.annotations?.[leaderAnnotation] === undefined;
}

/** One slice for each set of ports and kind of address. */
function wantedSlices({ events }: Parts, endpoints: Endpoints): EndpointSlice[] {
  const slices = new Map<string, EndpointSlice & { endpoints: KubeEndpoint[] }>();
  let invalid = 0;
  let skipped = 0;
  for (const subset of endpoints.subsets ?? []) {
    const ports = inPortOrder((subset.ports ?? []).map((port) => ({ ...port, name: port.name ?? "" })));
    let taken = 0;
    const ready = (subset.addresses ?? []).map((address) => ({ address, isReady: true }));
    const notReady = (subset.notReadyAddresses ?? []).map((address) => ({ address, isReady: false }));
    for (const { address, isReady } of [...ready, ...notReady]) {
      const type = isIPv4(address.ip) ? "IPv4" : isIPv6(address.ip) ? "IPv6" : undefined;
      if (type === undefined) invalid += 1;
      else if (taken >= addressesPerSubsetMax) skipped += 1;
      else {
        taken += 1;
        const id = groupId(type, ports);
        const slice = slices.get(id) ?? { ...frameOf(endpoints, type, ports), endpoints: [] };
        slices.set(id, slice);
        slice.endpoints.push(endpointOf(address, isReady));
      }
    }
  }
  if (invalid > 0) {
    const words = `Skipped ${invalid} invalid IP addresses when mirroring to EndpointSlices`;
    events.warning(endpoints, "InvalidIPAddress", words);
  }
  if (skipped > 0) {
    const words = `A max of ${addressesPerSubsetMax} addresses can be mirrored to EndpointSlices per Endpoints subset`;
    events.warning(endpoints, "TooManyAddressesToMirror", `${words}. ${skipped} addresses were skipped`);
  }
  return [...slices.values()];
}

type KubeEndpoint = NonNullable<EndpointSlice["endpoints"]>[number];

function endpointOf(address: { readonly ip: string; readonly [field: string]: unknown }, ready: boolean): KubeEndpoint {
  const { ip, hostname, nodeName, targetRef } = address as typeof address & Partial<KubeEndpoint>;
  return {
    addresses: [ip],
    conditions: { ready },
    ...(hostname === undefined || hostname === "" ? {} : { hostname }),
    ...(targetRef === undefined ? {} : { targetRef }),
    ...(nodeName === undefined ? {} : { nodeName }),
  };
}

function groupId(addressType: string, ports: readonly BackendPort[]): string {
  return `${addressType} ${goJson(inPortOrder(ports))}`;
}

function frameOf(endpoints: Endpoints, addressType: string, ports: readonly BackendPort[]): EndpointSlice {
  const { name = "", namespace = "" } = endpoints.metadata;
  const annotations = Object.fromEntries(
    Object.entries(endpoints.metadata.annotations ?? {}).filter(([key]) => !unmirrored.includes(key)),
  );
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      generateName: `${name}-`,
      namespace,
      labels: { ...endpoints.metadata.labels, [serviceLabel]: name, [managerLabel]: manager },
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
      ownerReferences: [controllerReference(endpoints)],
    },
    addressType,
    ports,
  };
}

async function write({ context }: Parts, current: EndpointSlice | undefined, wanted: EndpointSlice): Promise<void> {
  if (current === undefined) {
    const { metadata, ...rest } = wanted as KubeObject;
    await context.api.create(resources.endpointSlices, { ...rest, metadata: { ...metadata } });
    return;
  }
  const { generateName: _, ...metadata } = wanted.metadata;
  const next = {
    ...current,
    metadata: { ...current.metadata, ...metadata },
    ports: wanted.ports ?? null,
    endpoints: wanted.endpoints ?? null,
  };
  if (wanted.metadata.annotations === undefined) delete next.metadata.annotations;
  const isSame =
    equalJson(next.metadata, current.metadata) &&
    equalJson(next.ports ?? [], current.ports ?? []) &&
    equalJson(next.endpoints ?? [], current.endpoints ?? []);
  if (!isSame) await context.api.update<EndpointSlice>(resources.endpointSlices, next);
}

async function removeAll({ context }: Parts, slices: readonly EndpointSlice[]): Promise<void> {
  for (const slice of slices) await unless(["not-found"], context.api.delete(resources.endpointSlices, slice));
}
