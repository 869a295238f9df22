// All objects of some namespaces, of every kind that a cluster serves.
import type { ClusterClient } from "../diff/cluster-client.ts";
import { OracleError } from "../machine/oracle-error.ts";

export interface ClusterObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMetadata;
  readonly [field: string]: unknown;
}

export interface ObjectMetadata {
  readonly name: string;
  readonly namespace?: string;
  readonly uid: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly {
    readonly kind: string;
    readonly name: string;
    readonly uid: string;
    readonly controller?: boolean;
  }[];
  readonly [field: string]: unknown;
}

export interface ClusterState {
  readonly objects: readonly ClusterObject[];
  readonly nodes: readonly string[];
  /** `apps/v1`, and so on: what the cluster serves. */
  readonly groups: ReadonlySet<string>;
}

/** Events are what was said on the way, metrics what is measured at the moment, and neither is a state. */
const isLeftOut = (group: string, plural: string): boolean => plural === "events" || group === "metrics.k8s.io";

/** The namespaces themselves are among the objects. */
export async function readState(client: ClusterClient, namespaces: readonly string[]): Promise<ClusterState> {
  const kinds = await servedKinds(client);
  const objects: ClusterObject[] = [];
  for (const namespace of namespaces) {
    objects.push(await read<ClusterObject>(client, `/api/v1/namespaces/${namespace}`));
    for (const { root, group, plural, kind } of kinds) {
      if (isLeftOut(group, plural)) continue;
      const { apiVersion, items } = await read<ObjectList>(client, `${root}/namespaces/${namespace}/${plural}`);
      // Items of a list leave out what the list says of them all.
      objects.push(...items.map((item): ClusterObject => ({ ...item, apiVersion, kind })));
    }
  }
  const { items: nodes } = await read<ObjectList>(client, "/api/v1/nodes");
  const groups = new Set(kinds.map(({ group }) => group));
  return { objects, nodes: nodes.map(({ metadata }) => metadata.name), groups };
}

interface ObjectList {
  readonly apiVersion: string;
  readonly items: readonly ClusterObject[];
}

interface ServedKind {
  readonly root: string;
  readonly group: string;
  readonly plural: string;
  readonly kind: string;
}

interface ResourceList {
  readonly resources: readonly {
    readonly name: string;
    readonly kind: string;
    readonly namespaced: boolean;
    readonly verbs: readonly string[];
  }[];
}

interface GroupList {
  readonly groups: readonly { readonly name: string; readonly preferredVersion: { readonly groupVersion: string } }[];
}

/** Kinds of namespaces, in the version that their group prefers. */
async function servedKinds(client: ClusterClient): Promise<readonly ServedKind[]> {
  const { groups } = await read<GroupList>(client, "/apis");
  const places = [
    { group: "", root: "/api/v1" },
    ...groups.map(({ name, preferredVersion }) => ({ group: name, root: `/apis/${preferredVersion.groupVersion}` })),
  ];
  const found: ServedKind[] = [];
  for (const { group, root } of places) {
    const { resources } = await read<ResourceList>(client, root);
    for (const { name, kind, namespaced, verbs } of resources) {
      if (namespaced && verbs.includes("list") && !name.includes("/")) found.push({ root, group, plural: name, kind });
    }
  }
  return found;
}

async function read<T>(client: ClusterClient, path: string): Promise<T> {
  const { status, body } = await client.send({ method: "GET", path, headers: [], body: "" });
  if (status === 200) return JSON.parse(body) as T;
  throw new OracleError("command-failed", `GET ${path} was answered with ${status}: ${body.slice(0, 300)}`);
}
