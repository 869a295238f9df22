import { equalJson } from "../../object/json-value.ts";
import type { KubeObject } from "../../object/kube-object.ts";
import { done, keyOf, resources, splitKey, unless, watching } from "../../loop/index.ts";
import type { Controller, ControllerContext, Informer, Outcome } from "../../loop/index.ts";
import { goJson } from "../../model/hash.ts";
import { isTerminating } from "../../model/pod.ts";
import type { Pod } from "../../model/pod.ts";
import { indexByLabel } from "../pods/selected-pods.ts";
import { backendsOf, conditionsOf, hostnameOf, portsAt } from "./backend.ts";
import type { BackendPort } from "./backend.ts";
import { servicesOf } from "./endpoint-slice.ts";
import { hasSelector, isHeadless } from "./service-object.ts";
import type { Service } from "./service-object.ts";
import { TriggerTimes } from "./trigger-time.ts";

const addressesMax = 1_000;
const overCapacity = "endpoints.kubernetes.io/over-capacity";
const triggerAnnotation = "endpoints.kubernetes.io/last-change-trigger-time";
const headlessLabel = "service.kubernetes.io/headless";
const managerLabel = "endpoints.kubernetes.io/managed-by";

export interface Endpoints extends KubeObject {
  subsets?: readonly Subset[] | null;
}

export interface Subset {
  readonly addresses?: readonly Address[];
  readonly notReadyAddresses?: readonly Address[];
  readonly ports?: readonly BackendPort[];
}

export interface Address {
  readonly ip: string;
  readonly [field: string]: unknown;
}

/** The older form of endpoint slices, which many clients still read. */
export function endpointsController(context: ControllerContext): Controller {
  const services = context.informers.of<Service>(resources.services);
  const pods = indexByLabel(context.informers.of<Pod>(resources.pods));
  const endpoints = context.informers.of<Endpoints>(resources.endpoints);
  const triggers = new TriggerTimes();
  return {
    name: "endpoint-controller",
    watches: [
      watching(services, (service) => [keyOf(service)]),
      watching(pods, (pod) => servicesOf(services, pod)),
      watching(endpoints, (object) => [keyOf(object)]),
    ],
    reconcile: (key) => reconcile(context, { services, pods, endpoints, triggers }, key),
  };
}

interface Caches {
  readonly services: Informer<Service>;
  readonly pods: Informer<Pod>;
  readonly endpoints: Informer<Endpoints>;
  readonly triggers: TriggerTimes;
}

async function reconcile(context: ControllerContext, caches: Caches, key: string): Promise<Outcome> {
  const { namespace, name } = splitKey(key);
  const service = caches.services.get(namespace, name);
  const current = caches.endpoints.get(namespace, name);
  if (service === undefined) {
    caches.triggers.forget(key);
    if (current?.metadata.labels?.[managerLabel] === "endpoint-controller") await remove(context, current);
    return done;
  }
  if (!hasSelector(service) || isTerminating(service)) return done;
  const pods = backendsOf(service, caches.pods).filter((pod) => !isTerminating(pod));
  const trigger = caches.triggers.next(service, pods);
  const subsets = pack(service, pods);
  const labels = {
    ...service.metadata.labels,
    [managerLabel]: "endpoint-controller",
    ...(isHeadless(service) ? { [headlessLabel]: "" } : {}),
  };
  if (current !== undefined && sameSubsets(current.subsets, subsets) && equalJson(current.metadata.labels, labels)) {
    return done;
  }
  const annotations: Record<string, string> = { ...current?.metadata.annotations };
  if (trigger === undefined) delete annotations[triggerAnnotation];
  else annotations[triggerAnnotation] = trigger;
  if (pods.length > addressesMax) annotations[overCapacity] = "truncated";
  else delete annotations[overCapacity];
  if (current === undefined) {
    const object = { metadata: { name, namespace, labels, annotations }, subsets };
    await unless(["already-exists"], context.api.create(resources.endpoints, object));
  } else {
    const metadata = { ...current.metadata, labels, annotations };
    await context.api.update<Endpoints>(resources.endpoints, { ...current, metadata, subsets });
  }
  return done;
}

function sameSubsets(left: readonly Subset[] | null | undefined, right: readonly Subset[]): boolean {
  return equalJson(left ?? [], right);
}

async function remove(context: ControllerContext, endpoints: Endpoints): Promise<void> {
  await unless(["not-found"], context.api.delete(resources.endpoints, endpoints));
}

/** Addresses with the same ports are one subset. */
function pack(service: Service, pods: readonly Pod[]): Subset[] {
  const groups = new Map<string, { ports: BackendPort[]; ready: Address[]; notReady: Address[] }>();
  for (const pod of pods.slice(0, addressesMax)) {
    const ports = portsAt(service, pod).sort((left, right) => (goJson(left) < goJson(right) ? -1 : 1));
    if (ports.length === 0 && !isHeadless(service)) continue;
    const id = goJson(ports);
    const group = groups.get(id) ?? { ports, ready: [], notReady: [] };
    groups.set(id, group);
    (conditionsOf(service, pod).ready ? group.ready : group.notReady).push(addressOf(service, pod));
  }
  return [...groups.entries()]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([, { ports, ready, notReady }]) => ({
      ...(ready.length === 0 ? {} : { addresses: ready.sort(byIp) }),
      ...(notReady.length === 0 ? {} : { notReadyAddresses: notReady.sort(byIp) }),
      ...(ports.length === 0 ? {} : { ports: ports.map(withoutEmptyName) }),
    }));
}

function addressOf(service: Service, pod: Pod): Address {
  const hostname = hostnameOf(service, pod);
  const { nodeName = "" } = pod.spec;
  const { name, namespace, uid } = pod.metadata;
  return {
    ip: pod.status?.podIP ?? "",
    ...(hostname === undefined ? {} : { hostname }),
    ...(nodeName === "" ? {} : { nodeName }),
    targetRef: { kind: "Pod", namespace, name, uid },
  };
}

function byIp(left: Address, right: Address): number {
  return left.ip < right.ip ? -1 : 1;
}

function withoutEmptyName(port: BackendPort): BackendPort {
  const { name, ...rest } = port;
  return name === "" ? (rest as BackendPort) : port;
}
