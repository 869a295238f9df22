import { mergeFieldSpec, mergeFieldSpecs, toFieldSpec } from "../config/transformer-config.ts";
import type { TransformerConfig } from "../config/transformer-config.ts";
import type { FieldSpec } from "../filters/field-spec.ts";
import { imagePattern } from "../filters/image.ts";
import { parseSubjectMode } from "../filters/namespace.ts";
import type { Kustomization } from "../kustomization/kustomization.ts";
import type { LabelFields } from "../kustomization/shapes.ts";
import { wrapError } from "../kustomize-error.ts";
import type { Loader } from "../loader/loader.ts";
import type { BuildContext } from "./context.ts";
import { configured, jsonPatchTransform, patchTransform, strategicMergeTransform } from "./patch-transformers.ts";
import { replacementTransform } from "./replacement-transformer.ts";
import {
  affixTransform,
  entriesTransform,
  imageTransform,
  namespaceTransform,
  replicaTransform,
} from "./simple-transformers.ts";
import type { Transform } from "./simple-transformers.ts";
import { toImageChange } from "./typed-fields.ts";

export interface NamedTransform {
  readonly kind: string;
  readonly transform: Transform;
}

export interface TransformSettings {
  readonly loader: Loader;
  readonly kustomization: Kustomization;
  readonly config: TransformerConfig;
  readonly context: BuildContext;
}

/** The transformers that the fields of a kustomization ask for, in the order in which they run. */
export async function builtinTransformers(settings: TransformSettings): Promise<NamedTransform[]> {
  return [
    ...(await patches(settings)),
    ...names(settings),
    ...labels(settings),
    ...annotations(settings),
    ...(await jsonPatches(settings)),
    ...replicas(settings),
    ...images(settings),
    ...(await replacements(settings)),
  ];
}

async function patches({ loader, kustomization, context }: TransformSettings): Promise<NamedTransform[]> {
  const { patchesStrategicMerge = [], patches: entries = [] } = kustomization.fields;
  const result: NamedTransform[] = [];
  if (patchesStrategicMerge.length > 0) {
    const kind = "PatchStrategicMergeTransformer";
    const transform = await configured(kind, { paths: patchesStrategicMerge }, () =>
      strategicMergeTransform(loader, patchesStrategicMerge, "", context),
    );
    result.push({ kind, transform });
  }
  for (const entry of entries) {
    const kind = "PatchTransformer";
    const transform = await configured(kind, withoutEmpty(entry), () => patchTransform(loader, entry, context));
    result.push({ kind, transform });
  }
  return result;
}

/** The fields that say something, as they are printed in errors. */
function withoutEmpty(fields: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== "" && value !== undefined));
}

function names({ kustomization, config }: TransformSettings): NamedTransform[] {
  const { namespace = "", namePrefix = "", nameSuffix = "" } = kustomization.fields;
  const result: NamedTransform[] = [];
  if (namespace !== "") {
    const change = { namespace, specs: config.namespace, subjects: parseSubjectMode(""), unsetOnly: false };
    result.push({ kind: "NamespaceTransformer", transform: namespaceTransform(change) });
  }
  if (namePrefix !== "") {
    result.push({ kind: "PrefixTransformer", transform: affixTransform("prefix", namePrefix, config.namePrefix) });
  }
  if (nameSuffix !== "") {
    result.push({ kind: "SuffixTransformer", transform: affixTransform("suffix", nameSuffix, config.nameSuffix) });
  }
  return result;
}

const metadataLabels: FieldSpec = { group: "", version: "", kind: "", path: "metadata/labels", create: true };

function labelSpecs(label: LabelFields, config: TransformerConfig): readonly FieldSpec[] {
  try {
    const specs = mergeFieldSpecs((label.fields ?? []).map(toFieldSpec), config.labels);
    if (label.includeSelectors === true) return mergeFieldSpecs(specs, config.commonLabels);
    if (label.includeTemplates !== true) return mergeFieldSpec(specs, metadataLabels);
    return mergeFieldSpec(templateSpecs(specs, config), metadataLabels);
  } catch (error) {
    throw wrapError("failed to merge labels", error);
  }
}

function templateSpecs(specs: readonly FieldSpec[], config: TransformerConfig): readonly FieldSpec[] {
  return mergeFieldSpecs(specs, config.templateLabels);
}

function labels({ kustomization, config }: TransformSettings): NamedTransform[] {
  const { labels: entries = [], commonLabels = {} } = kustomization.fields;
  if (entries.length === 0 && Object.keys(commonLabels).length === 0) return [];
  const transforms = entries.map((label) => entriesTransform(label.pairs ?? {}, labelSpecs(label, config)));
  transforms.push(entriesTransform(commonLabels, config.commonLabels));
  return transforms.map((transform) => ({ kind: "LabelTransformer", transform }));
}

function annotations({ kustomization, config }: TransformSettings): NamedTransform[] {
  const { commonAnnotations = {} } = kustomization.fields;
  if (Object.keys(commonAnnotations).length === 0) return [];
  const transform = entriesTransform(commonAnnotations, config.commonAnnotations);
  return [{ kind: "AnnotationsTransformer", transform }];
}

async function jsonPatches({ loader, kustomization }: TransformSettings): Promise<NamedTransform[]> {
  const kind = "PatchJson6902Transformer";
  const result: NamedTransform[] = [];
  for (const entry of kustomization.fields.patchesJson6902 ?? []) {
    const { patch, path, target } = entry;
    const transform = await configured(kind, withoutEmpty({ target, path, jsonOp: patch }), () =>
      jsonPatchTransform(loader, entry),
    );
    result.push({ kind, transform });
  }
  return result;
}

function replicas({ kustomization, config }: TransformSettings): NamedTransform[] {
  return (kustomization.fields.replicas ?? []).map(({ name = "", count = 0 }) => ({
    kind: "ReplicaCountTransformer",
    transform: replicaTransform(name, count, config.replicas),
  }));
}

function images({ kustomization, config }: TransformSettings): NamedTransform[] {
  return (kustomization.fields.images ?? []).map((fields) => {
    const change = toImageChange(fields);
    imagePattern(change.name);
    return { kind: "ImageTagTransformer", transform: imageTransform(change, config.images) };
  });
}

async function replacements({ loader, kustomization }: TransformSettings): Promise<NamedTransform[]> {
  const entries = kustomization.fields.replacements ?? [];
  if (entries.length === 0) return [];
  const kind = "ReplacementTransformer";
  const transform = await configured(kind, { Replacements: entries }, () => replacementTransform(loader, entries));
  return [{ kind, transform }];
}
