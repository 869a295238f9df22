import type { KubeClient } from "@fairway/kube-client";
import { claimNameOf, deviceResources, isReservedFor, podClaimsOf, strangerText } from "../../model/device-objects.ts";
import type { PodClaim, ResourceClaim } from "../../model/device-objects.ts";
import { pathOf } from "../../loop/index.ts";
import { KubeletError } from "../kubelet-error.ts";
import { podKey } from "./pod.ts";
import type { Pod } from "./pod.ts";

/** Devices are made ready by drivers, and none can register here: a pod that got some waits, as on a node whose driver is away. */
export async function requireDevices(client: KubeClient, pod: Pod): Promise<void> {
  for (const wanted of podClaimsOf(pod)) await requireClaim(client, pod, wanted);
}

async function requireClaim(client: KubeClient, pod: Pod, wanted: PodClaim): Promise<void> {
  const named = claimNameOf(pod, wanted);
  if (named.kind === "unneeded") return;
  if (named.kind === "not-made-yet") throw failed(`pod "${podKey(pod)}": ResourceClaim not created yet`);
  const path = pathOf(deviceResources.claims, pod.metadata.namespace, named.name);
  const answer = await client.request({ method: "GET", path });
  if (answer.status !== 200) {
    const { message = `the server answered ${answer.status}` } = answer.body as { message?: string };
    throw failed(`fetch ResourceClaim ${named.name}: ${message}`);
  }
  const claim = answer.body as ResourceClaim;
  const stranger = named.isGenerated ? strangerText(claim, pod) : undefined;
  if (stranger !== undefined) throw failed(stranger);
  const { name, uid } = pod.metadata;
  if (!isReservedFor(claim, pod)) {
    const text = `is not allowed to use ResourceClaim ${named.name} (${claim.metadata.uid ?? ""})`;
    throw failed(`pod ${name} (${uid}) ${text}`);
  }
  const [device] = claim.status?.allocation?.devices.results ?? [];
  if (device !== undefined) throw failed(`DRA driver ${device.driver} is not registered`);
}

function failed(message: string): KubeletError {
  return new KubeletError("devices-failed", message);
}
