import { equalJson } from "../../object/json-value.ts";
import type { KubeObject } from "../../object/kube-object.ts";
import { done, keyOf, resources, splitKey, unless, watching } from "../../loop/index.ts";
import type { Controller, ControllerContext, Informer, Outcome } from "../../loop/index.ts";
import { byAge, controllerReference } from "../../model/owner.ts";
import { goJson } from "../../model/hash.ts";
import type { Node } from "../../model/node.ts";
import { isTerminating } from "../../model/pod.ts";
import type { Pod } from "../../model/pod.ts";
import { matchesLabels } from "../../model/selector.ts";
import { indexByLabel } from "../pods/selected-pods.ts";
import { indexByNode, podsOn } from "../node/pods-of-node.ts";
import { backendsOf, conditionsOf, hostnameOf, portsAt } from "./backend.ts";
import type { BackendPort } from "./backend.ts";
import { inPortOrder } from "./port-order.ts";
import { hasSelector, isHeadless } from "./service-object.ts";
import type { Service } from "./service-object.ts";
import { TriggerTimes } from "./trigger-time.ts";

const endpointsPerSliceMax = 100;
const managerLabel = "endpointslice.kubernetes.io/managed-by";
const manager = "endpointslice-controller.k8s.io";
const serviceLabel = "kubernetes.io/service-name";
const headlessLabel = "service.kubernetes.io/headless";
const triggerAnnotation = "endpoints.kubernetes.io/last-change-trigger-time";
const zoneLabel = "topology.kubernetes.io/zone";

export interface EndpointSlice extends KubeObject {
  addressType: string;
  endpoints?: readonly Endpoint[] | null;
  ports?: readonly BackendPort[] | null;
}

export interface Endpoint {
  readonly addresses: readonly string[];
  readonly conditions?: unknown;
  readonly targetRef?: { readonly uid?: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

interface Parts {
  readonly context: ControllerContext;
  readonly services: Informer<Service>;
  readonly pods: Informer<Pod>;
  readonly nodes: Informer<Node>;
  readonly slices: Informer<EndpointSlice>;
  readonly triggers: TriggerTimes;
}

/** Keeps for every service with a selector the slices that say where its pods are. */
export function endpointSliceController(context: ControllerContext): Controller {
  const parts: Parts = {
    context,
    services: context.informers.of(resources.services),
    pods: indexByLabel(indexByNode(context.informers.of<Pod>(resources.pods))),
    nodes: context.informers.of(resources.nodes),
    slices: context.informers.of(resources.endpointSlices),
    triggers: new TriggerTimes(),
  };
  return {
    name: "endpointslice-controller",
    watches: [
      watching(parts.services, (service) => [keyOf(service)]),
      watching(parts.pods, (pod) => servicesOf(parts.services, pod)),
      {
        subscribe: (add) =>
          parts.nodes.onChange(({ type, object }) => {
            if (type === "updated") return;
            for (const pod of podsOn(parts.pods, object.metadata.name ?? ""))
              servicesOf(parts.services, pod).forEach(add);
          }),
      },
      watching(parts.slices, (slice) => {
        const name = slice.metadata.labels?.[serviceLabel];
        return name === undefined || !isOurs(slice) ? [] : [`${slice.metadata.namespace ?? ""}/${name}`];
      }),
    ],
    reconcile: (key) => reconcile(parts, key),
  };
}

export function servicesOf(services: Informer<Service>, pod: Pod): string[] {
  return services
    .list(pod.metadata.namespace ?? "")
    .filter((service) => hasSelector(service) && matchesLabels(service.spec.selector ?? {}, pod.metadata.labels))
    .map(keyOf);
}

function isOurs(slice: EndpointSlice): boolean {
  return slice.metadata.labels?.[managerLabel] === manager;
}

async function reconcile(parts: Parts, key: string): Promise<Outcome> {
  const { namespace, name } = splitKey(key);
  const service = parts.services.get(namespace, name);
  const isOf = (slice: EndpointSlice) => isOurs(slice) && slice.metadata.labels?.[serviceLabel] === name;
  const existing = parts.slices.list(namespace).filter((slice) => isOf(slice) && !isTerminating(slice));
  if (service === undefined || isTerminating(service) || !hasSelector(service)) {
    parts.triggers.forget(key);
    // The slices of a service that has gone are collected with it.
    if (service !== undefined && !isTerminating(service)) await removeAll(parts, existing);
    return done;
  }
  const family = service.spec.ipFamilies?.[0] ?? "IPv4";
  const pods = backendsOf(service, parts.pods);
  const trigger = parts.triggers.next(service, pods);
  const reachable = pods.filter((pod) => isOnKnownNode(parts, service, pod));
  const wanted = groupByPorts(parts, service, reachable);
  const plan = fit(wanted, existing.sort(byAge));
  await apply(parts, { service, family, trigger }, plan);
  return done;
}

/** Nobody can send anything to a pod whose node isn't there, unless the service wants all of them named. */
function isOnKnownNode({ nodes }: Parts, service: Service, pod: Pod): boolean {
  return service.spec.publishNotReadyAddresses === true || nodes.get("", pod.spec.nodeName ?? "") !== undefined;
}

interface Group {
  readonly ports: readonly BackendPort[];
  readonly endpoints: Map<string, Endpoint>;
}

/** Pods may have the same port name at different numbers; each set of ports has slices of its own. */
function groupByPorts(parts: Parts, service: Service, pods: readonly Pod[]): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const pod of pods) {
    const ports = inPortOrder(portsAt(service, pod));
    const id = goJson(ports);
    const group = groups.get(id) ?? { ports, endpoints: new Map<string, Endpoint>() };
    groups.set(id, group);
    group.endpoints.set(pod.metadata.uid ?? "", endpointOf(parts, service, pod));
  }
  return groups;
}

function portsId(ports: readonly BackendPort[] | null | undefined): string {
  return goJson(inPortOrder(ports ?? []));
}

function endpointOf({ nodes }: Parts, service: Service, pod: Pod): Endpoint {
  const nodeName = pod.spec.nodeName ?? "";
  const zone = nodes.get("", nodeName)?.metadata.labels?.[zoneLabel];
  const hostname = hostnameOf(service, pod);
  const { name, namespace, uid = "" } = pod.metadata;
  return {
    addresses: [pod.status?.podIP ?? ""],
    conditions: conditionsOf(service, pod),
    ...(hostname === undefined ? {} : { hostname }),
    targetRef: { kind: "Pod", namespace, name, uid },
    ...(nodeName === "" ? {} : { nodeName }),
    ...(zone === undefined ? {} : { zone }),
  };
}

interface Plan {
  readonly keep: { readonly slice: EndpointSlice; readonly endpoints: Endpoint[] }[];
  readonly make: { readonly ports: readonly BackendPort[] | null; readonly endpoints: Endpoint[] }[];
  readonly remove: EndpointSlice[];
}

/** Endpoints stay in the slice where they are; new ones fill the gaps before there are new slices. */
function fit(wanted: Map<string, Group>, existing: readonly EndpointSlice[]): Plan {
  const plan: Plan = { keep: [], make: [], remove: [] };
  for (const slice of existing) {
    const group = wanted.get(portsId(slice.ports));
    const kept = group === undefined ? [] : takeKnown(group, slice);
    const hasNewcomers = group !== undefined && group.endpoints.size > 0;
    if (kept.length === 0 && !hasNewcomers) {
      plan.remove.push(slice);
      continue;
    }
    if (group !== undefined) takeSome(group, kept, endpointsPerSliceMax);
    plan.keep.push({ slice, endpoints: kept });
  }
  for (const group of wanted.values()) {
    while (group.endpoints.size > 0) {
      const endpoints: Endpoint[] = [];
      takeSome(group, endpoints, endpointsPerSliceMax);
      plan.make.push({ ports: group.ports, endpoints });
    }
  }
  if (plan.keep.length + plan.make.length === 0) keepPlaceholder(plan);
  return plan;
}

/** A service without pods has one empty slice, so that one sees that it was looked at. */
function keepPlaceholder(plan: Plan): void {
  const index = plan.remove.findIndex(
    (slice) => (slice.endpoints ?? []).length === 0 && (slice.ports ?? []).length === 0,
  );
  const [placeholder] = index < 0 ? [] : plan.remove.splice(index, 1);
  if (placeholder === undefined) plan.make.push({ ports: null, endpoints: [] });
  else plan.keep.push({ slice: placeholder, endpoints: [] });
}

function takeKnown(group: Group, slice: EndpointSlice): Endpoint[] {
  return (slice.endpoints ?? []).flatMap((endpoint) => {
    const uid = endpoint.targetRef?.uid ?? "";
    const next = group.endpoints.get(uid);
    group.endpoints.delete(uid);
    return next ?? [];
  });
}

function takeSome(group: Group, endpoints: Endpoint[], max: number): void {
  for (const [uid, endpoint] of group.endpoints) {
    if (endpoints.length >= max) return;
    endpoints.push(endpoint);
    group.endpoints.delete(uid);
  }
}

interface Target {
  readonly service: Service;
  readonly family: string;
  readonly trigger: string | undefined;
}

async function apply(parts: Parts, target: Target, plan: Plan): Promise<void> {
  const { api } = parts.context;
  const labels = labelsFor(target.service);
  const { namespace = "", name = "" } = target.service.metadata;
  const remove = [...plan.remove];
  const writes = plan.keep.map(({ slice, endpoints }) => ({ slice, endpoints, ports: slice.ports ?? null }));
  for (const { ports, endpoints } of plan.make) {
    // A slice that would go is used again for one that would be made.
    const index = remove.findIndex(({ addressType }) => addressType === target.family);
    const [slice] = index < 0 ? [] : remove.splice(index, 1);
    if (slice !== undefined) {
      writes.push({ slice, endpoints, ports: ports === null ? null : [...ports] });
      continue;
    }
    const metadata = {
      generateName: `${name}-`,
      namespace,
      labels,
      ...annotationsFor(undefined, target.trigger),
      ownerReferences: [controllerReference(target.service)],
    };
    const filled = endpoints.length === 0 ? null : endpoints;
    await api.create(resources.endpointSlices, { metadata, addressType: target.family, endpoints: filled, ports });
  }
  for (const { slice, endpoints, ports } of writes) {
    const isSame =
      equalJson(slice.endpoints ?? [], endpoints) &&
      equalJson(slice.ports ?? [], ports ?? []) &&
      equalJson(slice.metadata.labels, labels);
    if (isSame) continue;
    const { annotations: _, ...rest } = slice.metadata;
    const metadata = { ...rest, labels, ...annotationsFor(slice.metadata.annotations, target.trigger) };
    const filled = endpoints.length === 0 ? null : endpoints;
    await api.update<EndpointSlice>(resources.endpointSlices, { ...slice, metadata, endpoints: filled, ports });
  }
  await removeAll(parts, remove);
}

/** Says since when what changed was due; nothing when that isn't known. */
function annotationsFor(
  current: Record<string, string> | undefined,
  trigger: string | undefined,
): { annotations?: Record<string, string> } {
  const { [triggerAnnotation]: _, ...others } = current ?? {};
  const annotations = trigger === undefined ? others : { ...others, [triggerAnnotation]: trigger };
  return Object.keys(annotations).length === 0 ? {} : { annotations };
}

function labelsFor(service: Service): Record<string, string> {
  return {
    ...service.metadata.labels,
    [managerLabel]: manager,
    [serviceLabel]: service.metadata.name ?? "",
    ...(isHeadless(service) ? { [headlessLabel]: "" } : {}),
  };
}

async function removeAll({ context }: Parts, slices: readonly EndpointSlice[]): Promise<void> {
  for (const slice of slices) await unless(["not-found"], context.api.delete(resources.endpointSlices, slice));
}
