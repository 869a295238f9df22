import { anything, flag, integer, integer64, list, mapOf, struct, text } from "./shape.ts";
import type { Shape } from "./shape.ts";

/** The fields of a kustomization file, and of the objects that configure the built-in plugins. */
type Of<Described> = Described extends Shape<infer Value> ? Value : never;

const texts = list(text, "");
const textMap = mapOf(text, "");
const gvk = { group: text, version: text, kind: text };
const inGvk = { group: "Gvk.", version: "Gvk.", kind: "Gvk." };
const inResId = {
  group: "ResId.Gvk.",
  version: "ResId.Gvk.",
  kind: "ResId.Gvk.",
  name: "ResId.",
  namespace: "ResId.",
};
const id = { ...gvk, name: text, namespace: text };

export const selectorShape = struct("Selector", { ...id, annotationSelector: text, labelSelector: text }, inResId);
export const fieldSpecShape = struct("FieldSpec", { ...gvk, path: text, create: flag }, inGvk);
export const fieldSpecsShape = list(fieldSpecShape, {});
const metadataShape = struct("ObjectMeta", { name: text, namespace: text, labels: textMap, annotations: textMap });

export const labelShape = struct("Label", {
  pairs: textMap,
  includeSelectors: flag,
  includeTemplates: flag,
  fields: fieldSpecsShape,
});

export const patchShape = struct("Patch", {
  path: text,
  patch: text,
  target: selectorShape,
  options: mapOf(flag, false),
});

export const imageShape = struct("Image", { name: text, newName: text, tagSuffix: text, newTag: text, digest: text });
export const replicaShape = struct("Replica", { name: text, count: integer64 });

const fieldOptionsShape = struct("FieldOptions", { delimiter: text, index: integer, encoding: text, create: flag });
const replacementFields = {
  source: struct("SourceSelector", { ...id, fieldPath: text, options: fieldOptionsShape }, inResId),
  targets: list(
    struct("TargetSelector", {
      select: selectorShape,
      reject: list(selectorShape, {}),
      fieldPaths: texts,
      options: fieldOptionsShape,
    }),
    {},
  ),
  sourceValue: text,
};
export const replacementShape = struct("Replacement", replacementFields);
export const replacementFieldShape = struct("ReplacementField", { ...replacementFields, path: text });

export const variableShape = struct("Var", {
  name: text,
  objref: struct("Target", { apiVersion: text, ...id }, inGvk),
  fieldref: struct("FieldSelector", { fieldPath: text }),
});

const generatorOptionsShape = struct("GeneratorOptions", {
  labels: textMap,
  annotations: textMap,
  disableNameSuffixHash: flag,
  immutable: flag,
});
const generatorFields = {
  namespace: text,
  name: text,
  behavior: text,
  literals: texts,
  files: texts,
  envs: texts,
  env: text,
  options: generatorOptionsShape,
};
const inGenerator = {
  ...Object.fromEntries(Object.keys(generatorFields).map((field) => [field, "GeneratorArgs."])),
  ...Object.fromEntries(["literals", "files", "envs", "env"].map((field) => [field, "GeneratorArgs.KvPairSources."])),
};
const configMapArgsShape = struct("ConfigMapArgs", generatorFields, inGenerator);
const secretArgsShape = struct("SecretArgs", { ...generatorFields, type: text }, inGenerator);
/** The object of kind ConfigMapGenerator or SecretGenerator. */
export const generatorPluginShape = struct("GeneratorArgs", {
  ...generatorFields,
  type: text,
  metadata: metadataShape,
});

const helmGlobalsFields = { chartHome: text, configHome: text };
const helmChartFields = {
  name: text,
  version: text,
  repo: text,
  releaseName: text,
  namespace: text,
  additionalValuesFiles: texts,
  valuesFile: text,
  valuesInline: mapOf(anything, null),
  valuesMerge: text,
  includeCRDs: flag,
  skipHooks: flag,
  apiVersions: texts,
  kubeVersion: text,
  nameTemplate: text,
  skipTests: flag,
  debug: flag,
  devel: flag,
};
const helmGlobalsShape = struct("HelmGlobals", helmGlobalsFields);
const helmChartShape = struct("HelmChart", helmChartFields);
export const helmPluginShape = struct("HelmChart", { ...helmChartFields, ...helmGlobalsFields });
const helmChartArgsShape = struct("HelmChartArgs", {
  chartName: text,
  chartVersion: text,
  chartRepoUrl: text,
  chartHome: text,
  chartRepoName: text,
  helmBin: text,
  helmHome: text,
  values: text,
  valuesLocal: mapOf(anything, null),
  valuesMerge: text,
  releaseName: text,
  releaseNamespace: text,
  extraArgs: texts,
});

export const sortOptionsShape = struct("SortOptions", {
  order: { ...text, type: "types.SortOrder" },
  legacySortOptions: struct("LegacySortOptions", { orderFirst: texts, orderLast: texts }),
});

export const kustomizationShape = struct("Kustomization", {
  kind: text,
  apiVersion: text,
  metadata: metadataShape,
  openapi: textMap,
  namePrefix: text,
  nameSuffix: text,
  namespace: text,
  commonLabels: textMap,
  labels: list(labelShape, {}),
  commonAnnotations: textMap,
  patchesStrategicMerge: { ...texts, type: "[]types.PatchStrategicMerge" },
  patchesJson6902: list(patchShape, {}),
  patches: list(patchShape, {}),
  images: list(imageShape, {}),
  imageTags: list(imageShape, {}),
  replacements: list(replacementFieldShape, {}),
  replicas: list(replicaShape, {}),
  vars: list(variableShape, {}),
  sortOptions: sortOptionsShape,
  resources: texts,
  components: texts,
  crds: texts,
  bases: texts,
  configMapGenerator: list(configMapArgsShape, {}),
  secretGenerator: list(secretArgsShape, {}),
  helmGlobals: helmGlobalsShape,
  helmCharts: list(helmChartShape, {}),
  helmChartInflationGenerator: list(helmChartArgsShape, {}),
  generatorOptions: generatorOptionsShape,
  configurations: texts,
  generators: texts,
  transformers: texts,
  validators: texts,
  buildMetadata: texts,
});

export type KustomizationFields = Of<typeof kustomizationShape>;
export type SelectorFields = Of<typeof selectorShape>;
export type FieldSpecFields = Of<typeof fieldSpecShape>;
export type PatchFields = Of<typeof patchShape>;
export type LabelFields = Of<typeof labelShape>;
export type ImageFields = Of<typeof imageShape>;
export type ReplicaFields = Of<typeof replicaShape>;
export type ReplacementFields = Of<typeof replacementShape>;
export type ReplacementEntry = Of<typeof replacementFieldShape>;
export type VariableFields = Of<typeof variableShape>;
export type GeneratorFields = Of<typeof generatorPluginShape>;
export type GeneratorOptionFields = Of<typeof generatorOptionsShape>;
export type HelmFields = Of<typeof helmPluginShape>;
export type HelmChartArgsFields = Of<typeof helmChartArgsShape>;
export type SortOptionFields = Of<typeof sortOptionsShape>;
