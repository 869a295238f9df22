import { requireSuccess, type KubeClient } from "@fairway/kube-client";
import type { WantedService } from "./service-state.ts";

interface WorkloadList {
  readonly items: readonly { readonly metadata: { readonly name: string; readonly namespace: string } }[];
}

/** The services of a platform that are in the cluster, whatever is described by now. */
export async function runningServices(client: KubeClient, platform: string): Promise<readonly WantedService[]> {
  const query = { labelSelector: `app.kubernetes.io/part-of=${platform}` };
  const lists = await Promise.all(
    ["deployments", "statefulsets"].map(async (kind) => {
      const request = { method: "GET", path: `/apis/apps/v1/${kind}`, query } as const;
      return requireSuccess(request, await client.request(request)) as WorkloadList;
    }),
  );
  return lists
    .flatMap(({ items }) => items.map(({ metadata: { name, namespace } }) => ({ service: name, namespace })))
    .toSorted((a, b) => (a.service < b.service ? -1 : a.service > b.service ? 1 : 0));
}
