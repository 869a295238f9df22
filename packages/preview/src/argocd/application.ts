import { PreviewError } from "../errors.ts";
import { isObject, listAt, objectAt, textAt, valueAt, type JsonObject, type JsonValue } from "../json-value.ts";
import type { Manifest } from "../manifest.ts";

export const argocdGroup = "argoproj.io";

/** One entry of `spec.source` or `spec.sources`. Its tool's own settings stay as they are written. */
export interface ApplicationSource {
  readonly repoURL: string;
  readonly targetRevision: string;
  readonly path: string | undefined;
  readonly chart: string | undefined;
  /** The name under which other sources reach this one's files as `$name/...`. */
  readonly ref: string | undefined;
  readonly helm: JsonObject | undefined;
  readonly kustomize: JsonObject | undefined;
  readonly directory: JsonObject | undefined;
  readonly plugin: JsonObject | undefined;
}

export interface Application {
  readonly name: string;
  readonly namespace: string;
  readonly project: string;
  readonly sources: readonly ApplicationSource[];
  /** Server or name of the target cluster. */
  readonly cluster: string;
  readonly destinationNamespace: string;
  readonly ignoreDifferences: readonly JsonValue[];
  readonly manifest: Manifest;
}

export function isApplication(manifest: Manifest): boolean {
  return manifest.group === argocdGroup && manifest.kind === "Application";
}

export function isApplicationSet(manifest: Manifest): boolean {
  return manifest.group === argocdGroup && manifest.kind === "ApplicationSet";
}

export function applicationOf(manifest: Manifest): Application {
  const spec = objectAt(manifest.value, "spec");
  const given = Array.isArray(spec["sources"]) && spec["sources"].length > 0 ? spec["sources"] : [spec["source"]];
  const sources = given.filter(isObject).map(sourceOf);
  if (sources.length === 0) {
    const message = `Application ${manifest.name} has neither spec.source nor spec.sources`;
    throw new PreviewError("invalid-application", message);
  }
  return {
    name: manifest.name,
    namespace: manifest.namespace,
    project: textAt(spec, "project") ?? "default",
    sources,
    cluster: textAt(spec, "destination", "server") ?? textAt(spec, "destination", "name") ?? "",
    destinationNamespace: textAt(spec, "destination", "namespace") ?? "",
    ignoreDifferences: listAt(spec, "ignoreDifferences"),
    manifest,
  };
}

function sourceOf(source: JsonObject): ApplicationSource {
  const settings = (name: string) => {
    const found = valueAt(source, name);
    return isObject(found) ? found : undefined;
  };
  return {
    repoURL: textAt(source, "repoURL") ?? "",
    targetRevision: textAt(source, "targetRevision") ?? "",
    path: textAt(source, "path"),
    chart: textAt(source, "chart"),
    ref: textAt(source, "ref"),
    helm: settings("helm"),
    kustomize: settings("kustomize"),
    directory: settings("directory"),
    plugin: settings("plugin"),
  };
}
