import type { Application } from "../argocd/application.ts";
import { mayHoldApplications } from "../argocd/discover.ts";
import { filesBelow, readText, type Snapshot } from "../snapshot.ts";
import { findDependencies, type FoundDependency } from "./chart-dependencies.ts";
import { kustomizationClosure } from "./closure.ts";
import { manifestFiles } from "./directory-source.ts";
import { Fingerprint } from "./fingerprint.ts";
import { helmFiles, type ChartShelf } from "./helm-source.ts";
import {
  resolveSource,
  type ChartSource,
  type FolderSource,
  type ResolvedSource,
  type RevisionUnderPreview,
} from "./resolved-source.ts";
import { toolOf, type Tool } from "./tool.ts";
import { withOverrides } from "./source-overrides.ts";

/** A source with its tool chosen and everything that the tool will read. */
export interface PreparedSource {
  readonly source: FolderSource | ChartSource;
  readonly tool: Tool;
  readonly dependencies: readonly FoundDependency[];
}

export interface PreparedApplication {
  readonly application: Application;
  readonly sources: readonly PreparedSource[];
  /** References among them: sources that only lend their files. */
  readonly all: readonly ResolvedSource[];
  /** The same fingerprint means the same manifests. */
  readonly fingerprint: string;
  /** Whether rendering could give Applications: then it has to be done to find them. */
  readonly mayHoldApplications: boolean;
}

/** Fetches what an application needs and names it, without rendering anything. */
export async function prepareApplication(
  application: Application,
  revision: RevisionUnderPreview,
  shelf: ChartShelf,
): Promise<PreparedApplication> {
  const resolved = await Promise.all(application.sources.map((source) => resolveSource(source, revision)));
  const all = resolved.map((each) => (each.kind === "folder" ? withOverrides(each, application) : each));
  const { world } = revision;
  const fingerprint = new Fingerprint()
    .addValue([application.name, application.destinationNamespace, application.project])
    .addValue([world.kubeVersion ?? "", ...world.apiVersions]);
  const sources: PreparedSource[] = [];
  // Values inside the Application itself can hold whole manifests.
  let holds = mayHoldApplications(JSON.stringify(application.sources));
  for (const source of all) {
    if (source.kind === "reference") continue;
    const tool = source.kind === "chart" ? "helm" : toolOf(source);
    const dependencies = source.kind === "folder" && tool === "helm" ? await findDependencies(source, world) : [];
    sources.push({ source, tool, dependencies });
    fingerprint.add(tool).addValue(settingsOf(source));
    if (source.kind === "chart") fingerprint.add(source.chart.digest);
    for (const each of dependencies) fingerprint.addFiles(each.identities);
    const files = filesOf({ source, tool, dependencies }, application, all);
    for (const [snapshot, paths] of files) {
      fingerprint.addFiles(paths);
      holds ||= holdsApplications(snapshot, paths);
    }
    holds ||= source.kind === "chart" && shelf.mayHoldApplications(source);
  }
  return { application, sources, all, fingerprint: fingerprint.toString(), mayHoldApplications: holds };
}

function settingsOf({ source }: FolderSource | ChartSource) {
  const { repoURL, targetRevision, path = "", chart = "", helm = null, kustomize = null, directory = null } = source;
  return [repoURL, targetRevision, path, chart, helm, kustomize, directory];
}

/** Every file that rendering can read, by the snapshot that holds it. */
function filesOf(
  prepared: PreparedSource,
  application: Application,
  all: readonly ResolvedSource[],
): ReadonlyMap<Snapshot, ReadonlyMap<string, string>> {
  const { source, tool } = prepared;
  const files = new Map<Snapshot, Map<string, string>>();
  const add = (snapshot: Snapshot, path: string, id = snapshot.files.get(path)) => {
    const known = files.get(snapshot) ?? new Map<string, string>();
    if (id !== undefined) files.set(snapshot, known.set(path, id));
  };
  if (source.kind === "folder") for (const [path, id] of ownFiles(source, tool)) add(source.snapshot, path, id);
  if (tool === "helm") {
    for (const { snapshot, path } of helmFiles({ application, source, all })) add(snapshot, path);
  }
  return files;
}

function ownFiles(source: FolderSource, tool: Tool): Iterable<readonly [string, string]> {
  if (tool === "kustomize") return kustomizationClosure(source.snapshot, source.folder);
  const below = filesBelow(source.snapshot, source.folder);
  const prefix = source.folder === "" ? "" : `${source.folder}/`;
  const chosen = tool === "directory" ? manifestFiles(source) : [...below.keys()];
  return chosen.map((path) => [`${prefix}${path}`, below.get(path) ?? ""] as const);
}

const knownTexts = new WeakMap<Snapshot, Map<string, boolean>>();

function holdsApplications(snapshot: Snapshot, paths: ReadonlyMap<string, string>): boolean {
  const known = knownTexts.get(snapshot) ?? new Map<string, boolean>();
  knownTexts.set(snapshot, known);
  for (const [path, id] of paths) {
    let holds = known.get(id);
    if (holds === undefined) {
      holds = mayHoldApplications(readText(snapshot, path) ?? "");
      known.set(id, holds);
    }
    if (holds) return true;
  }
  return false;
}
