import { statfsSync } from "node:fs";
import { loadKubeconfig, requireSuccess } from "@fairway/kube-client";
import type { ControlState } from "./control-plan.ts";
import { upLimits } from "./limits.ts";

interface NodeList {
  readonly items: readonly {
    readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
  }[];
}

/**
 * Whether the node still takes no pods for want of disk, though there is room by now. A node says so for minutes after it was last
 * true; a control process that is started anew looks again.
 */
export async function staysShortOfDisk(state: string, { kubeconfig = "" }: ControlState): Promise<boolean> {
  if (!hasRoom(state)) return false;
  const { client } = await loadKubeconfig({ path: kubeconfig });
  try {
    const request = { method: "GET", path: "/api/v1/nodes" } as const;
    const { items } = requireSuccess(request, await client.request(request)) as NodeList;
    return items.some(({ status }) =>
      status?.conditions?.some((each) => each.type === "DiskPressure" && each.status === "True"),
    );
  } finally {
    client.close();
  }
}

/** Whether the node would take pods. */
export function hasRoom(folder: string): boolean {
  const { bavail, blocks, bsize } = statfsSync(folder);
  const { percent, bytesMax } = upLimits.diskRoom;
  return bavail * bsize > Math.min((blocks * bsize * percent) / 100, bytesMax);
}

/** Whether a reason that a cluster gives for a pod is that the disk is full. */
export function isWantOfDisk(reason: string): boolean {
  return /ENOSPC|ephemeral-storage|disk-pressure|DiskPressure/u.test(reason);
}
