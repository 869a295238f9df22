import type { Kind, KindRegistry } from "../kinds/index.ts";
import { customPriority, groupPriorities } from "./data/group-priorities.ts";
import { remoteResource, servedResource, type RemoteResource, type ServedResource } from "./resources.ts";

/** A group and version that another server answers for, as an APIService says. */
export interface RemoteVersion {
  readonly group: string;
  readonly version: string;
  readonly groupPriority: number;
  readonly versionPriority: number;
  /** What that server's discovery said; undefined while it can't be reached. */
  readonly resources: readonly RemoteResource[] | undefined;
}

export interface ServedGroup {
  readonly name: string;
  readonly versions: readonly ServedVersion[];
}

export interface ServedVersion {
  readonly version: string;
  readonly resources: readonly ServedResource[];
  readonly freshness: "Current" | "Stale";
}

interface Placed extends ServedVersion {
  readonly group: string;
  readonly groupPriority: number;
  readonly versionPriority: number;
}

/** All groups in the order in which they are listed, the core group among them. */
export function servedGroups(kinds: KindRegistry, remote: readonly RemoteVersion[]): readonly ServedGroup[] {
  const local = Map.groupBy(kinds.all(), ({ group, version }) => `${group}/${version}`);
  const placed = [...[...local.values()].map(placedLocally), ...remote.map(placedRemotely)];
  const groups = [...Map.groupBy(placed, ({ group }) => group)].map(([name, versions]) => ({
    name,
    priority: Math.max(...versions.map(({ groupPriority }) => groupPriority)),
    versions: versions.toSorted(versionOrder),
  }));
  return groups
    .toSorted((left, right) => right.priority - left.priority || compare(left.name, right.name))
    .map(({ name, versions }) => ({
      name,
      versions: versions.map(({ version, resources, freshness }) => ({ version, resources, freshness })),
    }));
}

function placedLocally(kinds: readonly Kind[]): Placed {
  const [{ group, version } = { group: "", version: "" }] = kinds;
  const known = groupPriorities[group];
  return {
    group,
    version,
    groupPriority: known?.group ?? customPriority.group,
    versionPriority: known?.versions[version] ?? customPriority.version,
    resources: kinds.map(servedResource).toSorted((left, right) => compare(left.name, right.name)),
    freshness: "Current",
  };
}

function placedRemotely({ group, version, groupPriority, versionPriority, resources }: RemoteVersion): Placed {
  return {
    group,
    version,
    groupPriority,
    versionPriority,
    resources: (resources ?? []).filter(({ name }) => !name.includes("/")).map((one) => remoteResource(one, resources)),
    freshness: resources === undefined ? "Stale" : "Current",
  };
}

function versionOrder(left: Placed, right: Placed): number {
  return right.versionPriority - left.versionPriority || compareVersions(left.version, right.version);
}

const kubeVersion = /^v(\d+)(?:(alpha|beta)(\d+))?$/u;
const stages = ["alpha", "beta"];

/** The one to prefer first: `v2`, `v1`, `v2beta1`, `v1alpha3`, and then whatever looks otherwise, by its letters. */
export function compareVersions(left: string, right: string): number {
  const [a, b] = [kubeVersion.exec(left), kubeVersion.exec(right)];
  if (!a || !b) return a ? -1 : b ? 1 : compare(left, right);
  const [stageOfA, stageOfB] = [stageOf(a), stageOf(b)];
  return stageOfB - stageOfA || Number(b[1]) - Number(a[1]) || Number(b[3] ?? 0) - Number(a[3] ?? 0);
}

function stageOf(match: RegExpExecArray): number {
  return match[2] === undefined ? stages.length : stages.indexOf(match[2]);
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
