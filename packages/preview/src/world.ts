import type { KnownCluster, KnownPullRequest } from "./applicationset/world.ts";
import type { Snapshot } from "./snapshot.ts";

export interface ChartAddress {
  /** `https://...`, `oci://...`, or a registry without a scheme as Argo CD writes it. */
  readonly repository: string;
  readonly name: string;
  readonly version: string;
}

export interface PackagedChart {
  readonly archive: Uint8Array;
  /** The exact version that the constraint stood for. */
  readonly version: string;
  readonly digest: string;
}

/** All that a preview asks of the world. What can't be had is thrown, and becomes a problem of the one application that needs it. */
export interface PreviewWorld {
  readonly base: Snapshot;
  readonly head: Snapshot;
  /** The addresses of the repository itself. With none known, a source whose path exists here is taken to be here. */
  readonly repositoryUrls: readonly string[];
  /** This repository at a tag or a commit; undefined when there is none of that name, as for a branch. */
  pinnedRevision(revision: string): Promise<Snapshot | undefined>;
  otherRepository(url: string, revision: string): Promise<Snapshot>;
  chart(address: ChartAddress): Promise<PackagedChart>;
  /** What was rendered before, by the fingerprint of all that went into it. */
  readonly cache: RenderCache;
  readonly clusters: readonly KnownCluster[];
  readonly pullRequests: readonly KnownPullRequest[];
  readonly kubeVersion: string | undefined;
  readonly apiVersions: readonly string[];
  readonly signal: AbortSignal;
}

/** May forget, never lie: an entry is what was put under its key. */
export interface RenderCache {
  get(key: string): Promise<string | undefined>;
  put(key: string, text: string): Promise<void>;
}
