import { isFinished, isReady, isTerminating } from "../../model/pod.ts";
import type { Pod } from "../../model/pod.ts";
import type { Informer } from "../../loop/index.ts";
import { selectedPods } from "../pods/selected-pods.ts";
import type { Service, ServicePort } from "./service-object.ts";

/** A port as endpoints name it. */
export interface BackendPort {
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  readonly appProtocol?: string;
}

/**
 * The pods that a service selects and that have an address. One of this machine's loopback can't be told of: the API takes no endpoint there,
 * and whoever passes traffic on to such pods finds them by the selector.
 */
export function backendsOf(service: Service, pods: Informer<Pod>): Pod[] {
  const { namespace = "" } = service.metadata;
  const selected = selectedPods(pods, namespace, { matchLabels: service.spec.selector ?? {} });
  return selected.filter((pod) => !isFinished(pod) && isReachable(pod.status?.podIP ?? ""));
}

function isReachable(address: string): boolean {
  return address !== "" && !address.startsWith("127.") && address !== "::1";
}

/** The ports of a service at one pod; a name that the pod doesn't have is left out. */
export function portsAt(service: Service, pod: Pod): BackendPort[] {
  const ports: BackendPort[] = [];
  for (const port of service.spec.ports ?? []) {
    const number = portNumber(port, pod);
    if (number === undefined) continue;
    ports.push({
      name: port.name ?? "",
      port: number,
      protocol: port.protocol ?? "TCP",
      ...(port.appProtocol === undefined ? {} : { appProtocol: port.appProtocol }),
    });
  }
  return ports;
}

function portNumber(port: ServicePort, pod: Pod): number | undefined {
  const target = port.targetPort ?? port.port;
  if (typeof target === "number") return target === 0 ? port.port : target;
  const sidecars = (pod.spec.initContainers ?? []).filter((container) => container.restartPolicy === "Always");
  for (const container of [...pod.spec.containers, ...sidecars]) {
    for (const candidate of container.ports ?? []) {
      const hasProtocol = (candidate.protocol ?? "TCP") === (port.protocol ?? "TCP");
      if (candidate.name === target && hasProtocol) return candidate.containerPort;
    }
  }
  return undefined;
}

/** What traffic may do with a pod. */
export function conditionsOf(service: Service, pod: Pod): { ready: boolean; serving: boolean; terminating: boolean } {
  const serving = isReady(pod);
  const terminating = isTerminating(pod);
  const ready = service.spec.publishNotReadyAddresses === true || (serving && !terminating);
  return { ready, serving, terminating };
}

/** The name of a pod in the domain of its headless service. */
export function hostnameOf(service: Service, pod: Pod): string | undefined {
  const hostname = pod.spec.hostname ?? "";
  return hostname !== "" && pod.spec.subdomain === service.metadata.name ? hostname : undefined;
}
