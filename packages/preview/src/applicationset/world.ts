import type { Snapshot } from "../snapshot.ts";

/** What generators look at. Clusters and pull requests are no part of a repository, so they are given. */
export interface GeneratorWorld {
  /** The repository at the revision that a generator asks for; throws when it can't be had. */
  repository(url: string, revision: string): Snapshot;
  readonly clusters: readonly KnownCluster[];
  readonly pullRequests: readonly KnownPullRequest[];
}

/** A cluster as Argo CD keeps it in a secret. */
export interface KnownCluster {
  readonly name: string;
  readonly server: string;
  readonly project?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** An open pull request, given from outside: a preview asks no forge. */
export interface KnownPullRequest {
  readonly number: number;
  readonly title?: string;
  readonly branch: string;
  readonly targetBranch?: string;
  readonly headSha: string;
  readonly author?: string;
  readonly labels?: readonly string[];
}
