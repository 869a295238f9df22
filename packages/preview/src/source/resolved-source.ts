import type { ApplicationSource } from "../argocd/application.ts";
import { sameRepository } from "../argocd/repository-url.ts";
import { PreviewError } from "../errors.ts";
import { cleanPath, filesBelow, type Snapshot } from "../snapshot.ts";
import type { PackagedChart, PreviewWorld } from "../world.ts";

/** A source with its contents at hand, so that rendering it needs nothing more of the world. */
export type ResolvedSource = FolderSource | ChartSource | ReferenceSource;

export interface FolderSource {
  readonly kind: "folder";
  readonly source: ApplicationSource;
  readonly snapshot: Snapshot;
  readonly folder: string;
}

export interface ChartSource {
  readonly kind: "chart";
  readonly source: ApplicationSource;
  readonly chart: PackagedChart;
}

/** Deploys nothing itself: other sources read its files as `$name/...`. */
export interface ReferenceSource {
  readonly kind: "reference";
  readonly source: ApplicationSource;
  readonly snapshot: Snapshot;
}

/** The repository under preview at one revision, for sources that are in it. */
export interface RevisionUnderPreview {
  readonly snapshot: Snapshot;
  readonly world: PreviewWorld;
}

export async function resolveSource(
  source: ApplicationSource,
  revision: RevisionUnderPreview,
): Promise<ResolvedSource> {
  if (source.chart !== undefined) {
    const address = { repository: source.repoURL, name: source.chart, version: source.targetRevision };
    return { kind: "chart", source, chart: await revision.world.chart(address) };
  }
  const snapshot = await snapshotOf(source.repoURL, source.targetRevision, { ...revision, path: source.path });
  if (source.path === undefined || source.path === "") {
    if (source.ref !== undefined) return { kind: "reference", source, snapshot };
  }
  const folder = cleanPath(source.path ?? ".");
  if (folder === undefined || (folder !== "" && filesBelow(snapshot, folder).size === 0)) {
    throw new PreviewError("missing-file", `${source.path}: app path does not exist in ${snapshot.name}`);
  }
  return { kind: "folder", source, snapshot, folder };
}

/** Which snapshot holds a repository at a revision: the one under preview, a pinned one of it, or another repository's. */
export async function snapshotOf(
  url: string,
  targetRevision: string,
  { snapshot, world, path }: RevisionUnderPreview & { path: string | undefined },
): Promise<Snapshot> {
  if (!isUnderPreview(url, world, path)) return world.otherRepository(url, targetRevision || "HEAD");
  // A branch is what is under preview; a tag or a commit stays what it is, whatever the change does.
  if (targetRevision === "" || targetRevision === "HEAD") return snapshot;
  return (await world.pinnedRevision(targetRevision)) ?? snapshot;
}

function isUnderPreview(url: string, world: PreviewWorld, path: string | undefined): boolean {
  if (world.repositoryUrls.length > 0) return world.repositoryUrls.some((known) => sameRepository(known, url));
  const folder = cleanPath(path ?? "");
  return folder !== undefined && [world.base, world.head].some((snapshot) => filesBelow(snapshot, folder).size > 0);
}
