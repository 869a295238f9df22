import type { KubeClient } from "@fairway/kube-client";
import type { Resource } from "./resource.ts";

export interface DiscoveredResource extends Resource {
  readonly verbs: readonly string[];
}

export interface Discovery {
  /** Each in the version that its group prefers. */
  readonly resources: readonly DiscoveredResource[];
  /** Groups that didn't answer. */
  readonly failures: readonly string[];
}

interface GroupList {
  readonly groups?: readonly { readonly name: string; readonly preferredVersion?: { readonly groupVersion: string } }[];
}

interface ResourceList {
  readonly resources?: readonly {
    readonly name: string;
    readonly kind: string;
    readonly namespaced: boolean;
    readonly verbs?: readonly string[];
  }[];
}

/** Asks the server which kinds it knows. */
export async function discover(client: KubeClient): Promise<Discovery> {
  const answer = await client.request({ method: "GET", path: "/apis" });
  const groups = answer.status === 200 ? ((answer.body as GroupList).groups ?? []) : [];
  const versions = groups.flatMap((group) => group.preferredVersion?.groupVersion ?? []);
  const failures: string[] = answer.status === 200 ? [] : ["/apis"];
  const found = await Promise.all(
    ["v1", ...versions].map(async (groupVersion) => {
      const root = groupVersion === "v1" ? "/api/v1" : `/apis/${groupVersion}`;
      const list = await client.request({ method: "GET", path: root });
      if (list.status !== 200) {
        failures.push(groupVersion);
        return [];
      }
      return resourcesOf(groupVersion, list.body as ResourceList);
    }),
  );
  return { resources: found.flat(), failures };
}

function resourcesOf(groupVersion: string, list: ResourceList): DiscoveredResource[] {
  const slash = groupVersion.indexOf("/");
  const group = slash < 0 ? "" : groupVersion.slice(0, slash);
  const version = groupVersion.slice(slash + 1);
  return (list.resources ?? [])
    .filter((resource) => !resource.name.includes("/"))
    .map(({ name, kind, namespaced, verbs = [] }) => ({ group, version, plural: name, kind, namespaced, verbs }));
}
