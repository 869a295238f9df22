import { isDeepStrictEqual } from "node:util";
import {
  applyObjects,
  deleteObjects,
  pruneObjects,
  type KubeObject,
  type StreamingKubeClient,
} from "@fairway/kube-client";
import { environmentObjects, type Release, type ReleaseOptions } from "./releases.ts";
import type { Workspace } from "./workspace.ts";

/** Everything in a cluster that the descriptions of a platform ask for. */
export interface DescribedObjects {
  readonly platform: string;
  readonly objects: readonly KubeObject[];
  readonly releases: readonly Release[];
}

export interface DescribedOptions extends ReleaseOptions {
  /** What the services stand on, after the namespaces and before the services: secrets, the way to a database. */
  readonly foundation: readonly KubeObject[];
}

const fieldManager = "fairway";

/** What goes with a service that is no longer described. Volumes stay: what is in them can't be made again. */
const kindsOfCharts = [
  { apiVersion: "apps/v1", kind: "Deployment" },
  { apiVersion: "v1", kind: "Service" },
  { apiVersion: "v1", kind: "ServiceAccount" },
  { apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler" },
  { apiVersion: "policy/v1", kind: "PodDisruptionBudget" },
  { apiVersion: "networking.k8s.io/v1", kind: "Ingress" },
  { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy" },
  { apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role" },
  { apiVersion: "rbac.authorization.k8s.io/v1", kind: "RoleBinding" },
] as const;

export function describedObjects(workspace: Workspace, options: DescribedOptions): DescribedObjects {
  const { base, releases } = environmentObjects(workspace, options);
  return {
    platform: workspace.platform.metadata.name,
    objects: [...base, ...options.foundation, ...releases.flatMap((release) => release.objects)],
    releases,
  };
}

/** Applies all of it, whatever was there before. */
export async function applyDescribed(
  client: StreamingKubeClient,
  { objects }: DescribedObjects,
  signal: AbortSignal,
): Promise<void> {
  await applyObjects(client, objects, { fieldManager, force: true, signal });
}

/** Removes what is of the platform and no longer described. */
export async function pruneDescribed(
  client: StreamingKubeClient,
  { platform, objects, releases }: DescribedObjects,
  signal: AbortSignal,
): Promise<void> {
  await pruneObjects(client, {
    selector: `app.kubernetes.io/part-of=${platform}`,
    fieldManager,
    keep: objects,
    namespaces: [...new Set(releases.map(({ namespace }) => namespace))],
    kinds: kindsOfCharts,
    signal,
  });
}

export interface DescribedChange {
  readonly change: "created" | "changed" | "removed";
  readonly object: KubeObject;
}

/** What has to be done where one was applied, so that it is as the other says. */
export function changesBetween(from: DescribedObjects, to: DescribedObjects): readonly DescribedChange[] {
  const before = new Map(from.objects.map((object) => [keyOf(object), object]));
  const after = new Set(to.objects.map(keyOf));
  const wanted = to.objects.flatMap((object): readonly DescribedChange[] => {
    const known = before.get(keyOf(object));
    if (known === undefined) return [{ change: "created", object }];
    return isDeepStrictEqual(known, object) ? [] : [{ change: "changed", object }];
  });
  const unwanted = from.objects.filter(
    (object) => !after.has(keyOf(object)) && kindsOfCharts.some(({ kind }) => kind === object.kind),
  );
  return [...wanted, ...unwanted.map((object) => ({ change: "removed", object }) as const)];
}

export async function applyChanges(
  client: StreamingKubeClient,
  changes: readonly DescribedChange[],
  signal: AbortSignal,
): Promise<void> {
  const wanted = changes.filter(({ change }) => change !== "removed");
  const unwanted = changes.filter(({ change }) => change === "removed");
  const objectsOf = (some: readonly DescribedChange[]) => some.map(({ object }) => object);
  await applyObjects(client, objectsOf(wanted), { fieldManager, force: true, signal });
  await deleteObjects(client, objectsOf(unwanted), { signal });
}

function keyOf({ apiVersion, kind, metadata: { namespace = "", name = "" } }: KubeObject): string {
  return `${apiVersion} ${kind} ${namespace}/${name}`;
}
