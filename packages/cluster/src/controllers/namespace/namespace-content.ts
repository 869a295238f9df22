import type { KubeClient } from "@fairway/kube-client";
import type { KubeObject } from "../../object/kube-object.ts";
import { ApiError, messageOf, pathOf } from "../../loop/index.ts";
import type { DiscoveredResource } from "../../loop/discovery.ts";

/** What is left of one resource after all of it was told to go. */
export interface Remainder {
  readonly resource: DiscoveredResource;
  readonly count: number;
  /** How many objects each finalizer holds back. */
  readonly finalizers: ReadonlyMap<string, number>;
}

export interface Emptied {
  readonly remainders: readonly Remainder[];
  readonly failures: readonly string[];
}

/** Deletes what there is of these resources in a namespace and says what is still there. */
export async function emptyNamespace(
  client: KubeClient,
  namespace: string,
  resources: readonly DiscoveredResource[],
): Promise<Emptied> {
  const remainders: Remainder[] = [];
  const failures: string[] = [];
  await Promise.all(
    resources.map(async (resource) => {
      try {
        await deleteAll(client, namespace, resource);
        const left = await listAll(client, namespace, resource);
        if (left.length > 0) remainders.push({ resource, count: left.length, finalizers: countFinalizers(left) });
      } catch (error) {
        failures.push(`${resource.plural}: ${messageOf(error)}`);
      }
    }),
  );
  return { remainders, failures };
}

async function deleteAll(client: KubeClient, namespace: string, resource: DiscoveredResource): Promise<void> {
  const body = { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy: "Background" };
  if (resource.verbs.includes("deletecollection")) {
    await demand(client, { method: "DELETE", path: pathOf(resource, namespace), body });
    return;
  }
  for (const object of await listAll(client, namespace, resource)) {
    const path = pathOf(resource, namespace, object.metadata.name);
    await demand(client, { method: "DELETE", path, body });
  }
}

async function listAll(client: KubeClient, namespace: string, resource: DiscoveredResource): Promise<KubeObject[]> {
  const body = await demand(client, { method: "GET", path: pathOf(resource, namespace) });
  return (body as { items?: KubeObject[] } | undefined)?.items ?? [];
}

async function demand(
  client: KubeClient,
  request: { readonly method: "GET" | "DELETE"; readonly path: string; readonly body?: unknown },
): Promise<unknown> {
  const answer = await client.request(request);
  // What is not there, or can't be done with this resource, needs no deletion.
  if (answer.status === 404 || answer.status === 405) return undefined;
  if (answer.status >= 300) throw new ApiError(`${request.method} ${request.path}`, answer.status, answer.body);
  return answer.body;
}

function countFinalizers(objects: readonly KubeObject[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const object of objects) {
    for (const finalizer of object.metadata.finalizers ?? []) counts.set(finalizer, (counts.get(finalizer) ?? 0) + 1);
  }
  return counts;
}
