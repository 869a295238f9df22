import { encode } from "@fairway/yaml";
import { sortResources } from "./config/sort-order.ts";
import type { HelmRenderer } from "./generators/helm-chart.ts";
import type { KustomizeFiles, RemoteSource } from "./loader/files.ts";
import { Loader } from "./loader/loader.ts";
import { builtInSchemas } from "./merge/schema.ts";
import { setEntry, changeField } from "./filters/field-spec.ts";
import { tags } from "./node/node.ts";
import { toPlainObject } from "./node/plain-value.ts";
import type { PlainObject } from "./node/plain-value.ts";
import { originAnnotation, transformationsAnnotation } from "./resource/build-annotations.ts";
import { removeAnnotation } from "./resource/origin.ts";
import { isLocalConfig } from "./resource/resource-factory.ts";
import type { ResourceMap } from "./resource/resource-map.ts";
import { Scopes } from "./resource/scopes.ts";
import type { BuildContext } from "./target/context.ts";
import { hashTransform } from "./target/simple-transformers.ts";
import { Target } from "./target/target.ts";

export interface BuildOptions {
  readonly files: KustomizeFiles;
  /** Renders Helm charts; without it a kustomization that has some is refused. */
  readonly helm?: HelmRenderer;
  /** Fetches what is referred to by URL; without it URLs are refused. */
  readonly remote?: RemoteSource;
}

export interface BuildResult {
  /** The objects in their order, as plain values. */
  readonly resources: readonly PlainObject[];
  /** The same as `kubectl kustomize` prints it. */
  readonly text: string;
  readonly warnings: readonly string[];
}

/** The version of kustomize that this builder follows. */
export const kustomizeVersion = "v5.7.1";

/** Builds the kustomization of a directory. Throws a KustomizeError when kustomize would refuse it. */
export async function buildKustomization(directory: string, options: BuildOptions): Promise<BuildResult> {
  const loader = Loader.atRoot(directory, options.files, options.remote);
  const context: BuildContext = {
    scopes: new Scopes(),
    schemas: builtInSchemas,
    isSchemaChosen: false,
    helm: options.helm,
    warnings: [],
    kustomizations: 0,
  };
  const target = new Target(loader, context, undefined);
  const { buildMetadata = [], sortOptions } = target.kustomization.fields;
  if (buildMetadata.length > 0) target.recordOrigins();
  await target.chooseSchema();
  const gathered = await target.accumulate();
  const { map } = gathered;
  hashTransform(map);
  gathered.fixReferences();
  context.warnings.push(...gathered.resolveVariables());
  map.keepOnly((resource) => !isLocalConfig(resource.tree));
  sortResources(map, sortOptions);
  finish(map, buildMetadata);
  const resources = map.resources.map((resource) => toPlainObject(resource.tree));
  const text = resources.map((resource) => encode(resource)).join("---\n");
  return { resources, text, warnings: context.warnings };
}

/** Takes out what only the build needed. */
function finish(map: ResourceMap, metadata: readonly string[]): void {
  const keepsOrigin = metadata.includes("originAnnotations");
  const keepsTransformations = metadata.includes("transformerAnnotations");
  for (const resource of map.resources) {
    if (metadata.includes("managedByLabel")) {
      const set = setEntry("app.kubernetes.io/managed-by", `kustomize-${kustomizeVersion}`, tags.string);
      const spec = { group: "", version: "", kind: "", path: "metadata/labels", create: true };
      changeField(resource.tree, spec, { set, createKind: "mapping", createTag: tags.map });
    }
    resource.removeBuildAnnotations();
    if (!keepsOrigin) removeAnnotation(resource, originAnnotation);
    if (!keepsTransformations) removeAnnotation(resource, transformationsAnnotation);
  }
}
