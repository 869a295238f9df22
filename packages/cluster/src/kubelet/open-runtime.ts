import { join } from "node:path";
import type { ServiceWay } from "../network/cluster-network.ts";
import { openPodNetwork } from "../network/pod-network.ts";
import type { PodNetwork } from "../network/pod-network.ts";
import { KubeletError } from "./kubelet-error.ts";
import { claimLoopbackBlock } from "./runtime/loopback-block.ts";
import { openOciPlace } from "./runtime/oci/oci-place.ts";
import { createOciRuntime } from "./runtime/oci/oci-runtime.ts";
import { findOciTools } from "./runtime/oci/oci-tools.ts";
import { createProcessRuntime } from "./runtime/process-runtime.ts";
import type { Runtime } from "./runtime/runtime.ts";

export interface OpenRuntime {
  readonly runtime: Runtime;
  /** Of the machine, as pods reach it. */
  readonly nodeAddress: string;
  /** Where pods have a network of their own. */
  readonly network: PodNetwork | undefined;
  /** How the services of the cluster are reached from such pods. */
  readonly way: ServiceWay;
}

export interface RuntimeChoice {
  readonly folder: string;
  readonly runtime: "process" | "oci";
  readonly standIns: Readonly<Record<string, string>>;
  readonly podSubnet: string | undefined;
}

const loopback = "127.0.0.1";

/** Adding a runtime is a file that implements `Runtime` and a line here. */
export async function openRuntime(choice: RuntimeChoice): Promise<OpenRuntime> {
  const { folder, standIns, podSubnet } = choice;
  if (choice.runtime === "process") {
    const block = claimLoopbackBlock(folder);
    const runtime = await createProcessRuntime({ block, nodeAddress: loopback, standIns });
    return {
      runtime,
      nodeAddress: loopback,
      network: undefined,
      way: { kind: "loopback", block: block.services },
    };
  }
  const tools = findOciTools();
  if ("missing" in tools) throw new KubeletError("tool-failed", `the oci runtime can't be used here: ${tools.missing}`);
  const place = openOciPlace(folder, tools);
  const network = await openPodNetwork({
    folder: join(folder, "oci", "network"),
    mark: place.mark,
    pluginFolder: tools.cniFolder,
    ...(podSubnet === undefined ? {} : { subnet: podSubnet }),
  });
  const runtime = await createOciRuntime({ place, network, nodeAddress: network.gateway });
  const { bridge, gateway, subnet } = network;
  const way = { kind: "kernel", mark: place.mark, bridge, gateway, subnet } as const;
  return { runtime, nodeAddress: gateway, network, way };
}
