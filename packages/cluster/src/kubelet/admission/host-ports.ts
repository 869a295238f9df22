import { isSidecar } from "../pods/pod.ts";
import type { Pod } from "../pods/pod.ts";

interface HostPort {
  readonly port: number;
  readonly protocol: string;
  /** `0.0.0.0`: all addresses of the machine. */
  readonly address: string;
}

const everywhere = "0.0.0.0";

/** Whether two pods want the same port of the machine: the second is refused by the kubelet, whoever bound it. */
export function wantSamePort(one: Pod, other: Pod): boolean {
  const taken = hostPortsOf(other);
  return hostPortsOf(one).some((wanted) => taken.some((each) => collide(each, wanted)));
}

function hostPortsOf({ spec }: Pod): HostPort[] {
  const containers = [...spec.containers, ...(spec.initContainers ?? []).filter(isSidecar)];
  return containers.flatMap(({ ports = [] }) =>
    ports.flatMap(({ hostPort = 0, protocol = "TCP", hostIP = "" }): HostPort[] =>
      hostPort === 0 ? [] : [{ port: hostPort, protocol, address: hostIP === "" ? everywhere : hostIP }],
    ),
  );
}

function collide(one: HostPort, other: HostPort): boolean {
  if (one.port !== other.port || one.protocol !== other.protocol) return false;
  return one.address === other.address || one.address === everywhere || other.address === everywhere;
}
