import type { FieldError } from "../../object/field-error.ts";
import type { KubeObject } from "../../object/kube-object.ts";
import type { Service } from "../../schema/data/types/core-v1.ts";
import { invalid } from "../validation/errors.ts";
import { completeAddresses, completeFamilies, isSettledDualStack } from "./families.ts";
import { HEADLESS, needsAddress, needsHealthPort, needsNodePorts, nodePortsOf } from "./service-type.ts";

/** Where addresses and ports come from that only one service may have. What is taken is kept until somebody gives it back. */
export interface ServicePool {
  /** A certain one, or any. The cluster's services have addresses of one family, IPv4. */
  readonly takeAddress: (wanted: string | undefined) => Taken<string>;
  readonly takePort: (wanted: number | undefined) => Taken<number>;
}

export type Taken<Value> =
  | { readonly kind: "taken"; readonly value: Value }
  | { readonly kind: "refused"; readonly why: string }
  | { readonly kind: "full" };

export type Allocation =
  | { readonly kind: "allocated" }
  | { readonly kind: "invalid"; readonly errors: readonly FieldError[] }
  | { readonly kind: "failed"; readonly message: string };

const allocated: Allocation = { kind: "allocated" };

/** Gives a service its addresses and ports, in place; before it is validated, as an update may leave out what was given. */
export function allocateService(next: KubeObject, current: KubeObject | undefined, pool: ServicePool): Allocation {
  const [service, before] = [next as unknown as Service, current as unknown as Service | undefined];
  completeAddresses(service, before);
  const errors = completeFamilies(service, before);
  if (errors.length > 0) return { kind: "invalid", errors };
  const given = giveAddress(service, before, pool);
  if (given.kind !== "allocated") return given;
  const ported = needsNodePorts(service) ? giveNodePorts(service, before, pool) : allocated;
  return ported.kind === "allocated" ? giveHealthPort(service, before, pool) : ported;
}

function giveAddress(service: Service, before: Service | undefined, pool: ServicePool): Allocation {
  const { spec } = service;
  if (isSettledDualStack(service, before) || !needsAddress(service) || spec.clusterIPs?.[0] === HEADLESS)
    return allocated;
  if (before && needsAddress(before)) return allocated;
  const addresses = spec.clusterIPs ?? [];
  const wanted = addresses[0];
  const taken = pool.takeAddress(wanted);
  if (taken.kind === "full") return { kind: "failed", message: "failed to allocate a serviceIP: range is full" };
  if (taken.kind === "refused") {
    const what = wanted === undefined ? "IP" : `IP ${wanted}`;
    return refused("spec.clusterIPs", addresses, `failed to allocate ${what}: ${taken.why}`);
  }
  spec.clusterIP = taken.value;
  spec.clusterIPs = [taken.value, ...addresses.slice(1)];
  return allocated;
}

function giveNodePorts(service: Service, before: Service | undefined, pool: ServicePool): Allocation {
  const { spec } = service;
  const ports = spec.ports ?? [];
  const kept = new Set(before ? nodePortsOf(before) : []);
  // One number serves several protocols of a port.
  const ofPort = new Map<number, number>();
  const givesAny = spec.type === "NodePort" || spec.allocateLoadBalancerNodePorts !== false;
  for (const [index, port] of ports.entries()) {
    const given = port.nodePort ?? 0;
    if (given === 0 && !givesAny) continue;
    const shared = before ? undefined : ofPort.get(port.port);
    if (given === 0 && shared !== undefined) {
      port.nodePort = shared;
      continue;
    }
    if (given !== 0 && (kept.has(given) || shared === given)) continue;
    const sibling = before ? 0 : (ports.find((other) => other.port === port.port && other.nodePort)?.nodePort ?? 0);
    const wanted = given || sibling;
    const taken = pool.takePort(wanted === 0 ? undefined : wanted);
    if (taken.kind === "full") return { kind: "failed", message: "failed to allocate a nodePort: range is full" };
    if (taken.kind === "refused") return refused(`spec.ports[${index}].nodePort`, wanted, taken.why);
    port.nodePort = taken.value;
    kept.add(taken.value);
    if (!ofPort.has(port.port)) ofPort.set(port.port, taken.value);
  }
  return allocated;
}

function giveHealthPort(service: Service, before: Service | undefined, pool: ServicePool): Allocation {
  if (!needsHealthPort(service) || (before && needsHealthPort(before))) return allocated;
  const wanted = service.spec.healthCheckNodePort ?? 0;
  const taken = pool.takePort(wanted === 0 ? undefined : wanted);
  if (taken.kind === "taken") {
    service.spec.healthCheckNodePort = taken.value;
    return allocated;
  }
  const why = taken.kind === "full" ? "range is full" : taken.why;
  const what = wanted === 0 ? `a HealthCheck NodePort 0` : `requested HealthCheck NodePort ${wanted}`;
  return { kind: "failed", message: `failed to allocate ${what}: ${why}` };
}

function refused(field: string, value: unknown, detail: string): Allocation {
  return { kind: "invalid", errors: [invalid(field, value, detail)] };
}

/** What a stored service has of the pool. */
export function allocationsOf(stored: KubeObject): { readonly addresses: string[]; readonly ports: number[] } {
  const service = stored as unknown as Service;
  const { clusterIPs = [], healthCheckNodePort = 0 } = service.spec;
  return {
    addresses: clusterIPs.filter((address) => address !== HEADLESS && address !== ""),
    ports: [...nodePortsOf(service), ...(healthCheckNodePort === 0 ? [] : [healthCheckNodePort])],
  };
}
