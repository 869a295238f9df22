import { createHash } from "node:crypto";
import { PreviewError } from "../errors.ts";
import { preview, type PreviewOptions } from "../preview.ts";
import type { ApplicationPreview, PreviewResult } from "../report/preview-result.ts";
import type { Snapshot } from "../snapshot.ts";
import type { PreviewWorld } from "../world.ts";

export type Files = Readonly<Record<string, string | Uint8Array>>;

export const repositoryUrl = "https://git.example.com/shop/state.git";

export function snapshotOf(files: Files, name = "head"): Snapshot {
  const contents = new Map(
    Object.entries(files).map(([path, content]) => [
      path,
      typeof content === "string" ? Buffer.from(content) : content,
    ]),
  );
  const ids = new Map(
    [...contents]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, content]) => [path, createHash("sha1").update(content).digest("hex")] as const),
  );
  return { name, files: ids, read: (path) => contents.get(path) };
}

/** A world where nothing but two revisions exists, unless a test adds more. */
export function worldOf(base: Files, head: Files, more: Partial<PreviewWorld> = {}): PreviewWorld {
  return {
    base: snapshotOf(base, "base"),
    head: snapshotOf(head, "head"),
    repositoryUrls: [repositoryUrl],
    pinnedRevision: async () => undefined,
    otherRepository: async (url) => {
      throw new PreviewError("unreachable", `repository ${url} is not there`);
    },
    chart: async ({ repository, name }) => {
      throw new PreviewError("unreachable", `chart ${name} of ${repository} is not there`);
    },
    cache: { get: async () => undefined, put: async () => undefined },
    clusters: [],
    pullRequests: [],
    kubeVersion: undefined,
    apiVersions: [],
    signal: new AbortController().signal,
    ...more,
  };
}

export function previewOf(
  base: Files,
  head: Files,
  more: Partial<PreviewWorld> & { readonly options?: PreviewOptions } = {},
): Promise<PreviewResult> {
  const { options, ...world } = more;
  return preview(worldOf(base, head, world), options);
}

export interface ApplicationText {
  readonly name?: string;
  /** Fields of the source as flow YAML. */
  readonly source?: string;
  readonly spec?: string;
}

/** An Application of this repository in YAML. */
export function applicationText({ name = "shop", source = "path: app", spec = "" }: ApplicationText = {}): string {
  return `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: ${name}, namespace: argocd}
spec:
  project: default
  destination: {server: https://kubernetes.default.svc, namespace: shop}
  source: {repoURL: ${repositoryUrl}, ${source}}
${spec}`;
}

export function configMap(name: string, data = "{a: one}"): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: ${data}\n`;
}

/** `name status: +ConfigMap/a ~Secret/b` for each application that something is said about. */
export function told(result: PreviewResult): readonly string[] {
  return result.applications.map(toldOf);
}

function toldOf({ name, status, objects, moved }: ApplicationPreview): string {
  const signs = { added: "+", removed: "-", changed: "~" } as const;
  const items = [
    ...objects.map((each) => `${signs[each.change]}${each.kind}/${each.name}`),
    ...moved.map((each) => `=${each.kind}/${each.name}`),
  ];
  return [`${name} ${status}`, ...items].join(" ");
}

/** All lines of all objects, with their signs. */
export function linesOf(result: PreviewResult): readonly string[] {
  return result.applications.flatMap(({ objects }) =>
    objects.flatMap(({ lines }) => (lines ?? []).map(({ sign, text }) => `${sign}${text}`)),
  );
}

export function changedLines(result: PreviewResult): readonly string[] {
  return linesOf(result).filter((line) => !line.startsWith(" "));
}

export function problemsOf(result: PreviewResult): readonly string[] {
  return [...result.problems, ...result.applications.flatMap(({ problems }) => problems)].map(
    ({ severity, revision, subject, message }) => `${severity} ${subject}@${revision}: ${message}`,
  );
}
