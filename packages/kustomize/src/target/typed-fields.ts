import type { FieldOptions, Replacement } from "../filters/replacement.ts";
import type { ImageChange } from "../filters/image.ts";
import type { GeneratorArguments, GeneratorOptions } from "../generators/generated-object.ts";
import type {
  GeneratorFields,
  GeneratorOptionFields,
  ImageFields,
  ReplacementFields,
  SelectorFields,
} from "../kustomization/shapes.ts";
import type { Selector } from "../resource/selector.ts";

/** Optional fields of the file with their defaults filled in. */
export function toSelector(fields: SelectorFields): Selector {
  const { group = "", version = "", kind = "", name = "", namespace = "" } = fields;
  const { annotationSelector = "", labelSelector = "" } = fields;
  return { group, version, kind, name, namespace, annotationSelector, labelSelector };
}

export function toImageChange(fields: ImageFields): ImageChange {
  const { name = "", newName = "", newTag = "", tagSuffix = "", digest = "" } = fields;
  return { name, newName, newTag, tagSuffix, digest };
}

function toFieldOptions(
  fields: { delimiter?: string; index?: number; create?: boolean } | undefined,
): FieldOptions | undefined {
  if (fields === undefined) return undefined;
  return { delimiter: fields.delimiter ?? "", index: fields.index ?? 0, create: fields.create ?? false };
}

export function toReplacement(fields: ReplacementFields): Replacement {
  const { source, targets, sourceValue } = fields;
  return {
    source:
      source === undefined
        ? undefined
        : {
            ...toSelector(source),
            fieldPath: source.fieldPath ?? "",
            options: toFieldOptions(source.options),
          },
    sourceValue,
    targets: targets?.map((target) => ({
      select: target.select === undefined ? undefined : toSelector(target.select),
      reject: (target.reject ?? []).map(toSelector),
      fieldPaths: target.fieldPaths ?? [],
      options: toFieldOptions(target.options),
    })),
  };
}

/** The options of one generator over those of all. */
function toGeneratorOptions(
  own: GeneratorOptionFields | undefined,
  shared: GeneratorOptionFields | undefined,
): GeneratorOptions {
  return {
    labels: { ...shared?.labels, ...own?.labels },
    annotations: { ...shared?.annotations, ...own?.annotations },
    disableNameSuffixHash: own?.disableNameSuffixHash === true || shared?.disableNameSuffixHash === true,
    immutable: own?.immutable === true || shared?.immutable === true,
  };
}

export function toGeneratorArguments(
  kind: "ConfigMap" | "Secret",
  fields: GeneratorFields,
  shared: GeneratorOptionFields | undefined,
): GeneratorArguments {
  return {
    kind,
    name: (fields.name ?? "") === "" ? (fields.metadata?.name ?? "") : (fields.name ?? ""),
    namespace: (fields.namespace ?? "") === "" ? (fields.metadata?.namespace ?? "") : (fields.namespace ?? ""),
    behavior: fields.behavior ?? "",
    type: fields.type ?? "",
    literals: fields.literals ?? [],
    files: fields.files ?? [],
    envs: fields.envs ?? [],
    options: toGeneratorOptions(fields.options, shared),
  };
}
