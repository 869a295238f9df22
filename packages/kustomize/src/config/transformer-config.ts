import { YamlError, decode } from "@fairway/yaml";
import {
  commonAnnotationsFields,
  commonLabelsFields,
  imagesFields,
  namePrefixFields,
  nameSuffixFields,
  namespaceFields,
  replicasFields,
  templateLabelsFields,
  varReferenceFields,
} from "../data/field-specs.ts";
import { nameReferences } from "../data/name-references.ts";
import { fieldSpecFromRow } from "../filters/field-spec.ts";
import type { FieldSpec } from "../filters/field-spec.ts";
import { fieldSpecsShape } from "../kustomization/shapes.ts";
import { list, struct, text } from "../kustomization/shape.ts";
import type { FieldSpecFields } from "../kustomization/shapes.ts";
import { KustomizeError, messageOf, wrapError } from "../kustomize-error.ts";
import { gvkEquals, gvkSortText, isSelected } from "../resource/gvk.ts";
import type { Gvk } from "../resource/gvk.ts";
import { compareKinds } from "./kind-order.ts";

/** Fields that hold the name of an object of the target kind. */
export interface ReferenceSpec {
  readonly target: Gvk;
  readonly fields: readonly FieldSpec[];
}

const specNames = [
  "namePrefix",
  "nameSuffix",
  "namespace",
  "commonLabels",
  "labels",
  "templateLabels",
  "commonAnnotations",
  "varReference",
  "images",
  "replicas",
] as const;
type SpecName = (typeof specNames)[number];

/** Where each transformer writes. */
export type TransformerConfig = Readonly<Record<SpecName, readonly FieldSpec[]>> & {
  readonly nameReference: readonly ReferenceSpec[];
};

function emptySpecs(): Record<SpecName, FieldSpec[]> {
  return {
    namePrefix: [],
    nameSuffix: [],
    namespace: [],
    commonLabels: [],
    labels: [],
    templateLabels: [],
    commonAnnotations: [],
    varReference: [],
    images: [],
    replicas: [],
  };
}

export const emptyConfig: TransformerConfig = { ...emptySpecs(), nameReference: [] };

export const defaultConfig: TransformerConfig = sorted({
  namePrefix: namePrefixFields.map(fieldSpecFromRow),
  nameSuffix: nameSuffixFields.map(fieldSpecFromRow),
  namespace: namespaceFields.map(fieldSpecFromRow),
  commonLabels: commonLabelsFields.map(fieldSpecFromRow),
  labels: [],
  templateLabels: templateLabelsFields.map(fieldSpecFromRow),
  commonAnnotations: commonAnnotationsFields.map(fieldSpecFromRow),
  varReference: varReferenceFields.map(fieldSpecFromRow),
  images: imagesFields.map(fieldSpecFromRow),
  replicas: replicasFields.map(fieldSpecFromRow),
  nameReference: nameReferences.map(({ target: [group, version, kind], fields }) => ({
    target: { group, version, kind },
    fields: fields.map(fieldSpecFromRow),
  })),
});

const holdsDefault = new WeakSet<TransformerConfig>([defaultConfig]);

function bySortText(left: Gvk, right: Gvk): number {
  return compareKinds(left, right, gvkSortText);
}

function sorted(config: TransformerConfig): TransformerConfig {
  const specs = emptySpecs();
  for (const name of specNames) specs[name] = [...config[name]].sort(bySortText);
  const nameReference = [...config.nameReference].sort((left, right) => bySortText(left.target, right.target));
  return { ...specs, nameReference };
}

/** Adds one field, unless it is there; the same field with another `create` is a conflict. */
export function mergeFieldSpec(specs: readonly FieldSpec[], added: FieldSpec): readonly FieldSpec[] {
  const known = specs.find((spec) => spec.path === added.path && isSelected(spec, added));
  if (known === undefined) return [...specs, added];
  if (known.create !== added.create) throw new KustomizeError("kustomization", "conflicting fieldspecs");
  return specs;
}

export function mergeFieldSpecs(specs: readonly FieldSpec[], added: readonly FieldSpec[]): readonly FieldSpec[] {
  let result = specs;
  for (const spec of added) result = mergeFieldSpec(result, spec);
  return result;
}

function mergeReferences(specs: readonly ReferenceSpec[], added: readonly ReferenceSpec[]): readonly ReferenceSpec[] {
  let result = specs;
  for (const reference of added) {
    const isKnown = result.some((spec) => gvkEquals(spec.target, reference.target));
    result = isKnown
      ? result.map((spec) =>
          gvkEquals(spec.target, reference.target)
            ? { target: spec.target, fields: mergeFieldSpecs(spec.fields, reference.fields) }
            : spec,
        )
      : [...result, reference];
  }
  return result;
}

export function mergeConfig(config: TransformerConfig, added: TransformerConfig): TransformerConfig {
  if (config === emptyConfig || config === added) return added;
  if (added === emptyConfig || (added === defaultConfig && holdsDefault.has(config))) return config;
  const specs: Record<SpecName, readonly FieldSpec[]> = emptySpecs();
  for (const name of specNames) {
    try {
      specs[name] = mergeFieldSpecs(config[name], added[name]);
    } catch (error) {
      throw wrapError(`failed to merge ${goFieldName(name)} fieldSpec`, error);
    }
  }
  const merged = sorted({ ...specs, nameReference: mergeReferences(config.nameReference, added.nameReference) });
  if (holdsDefault.has(config) || holdsDefault.has(added)) holdsDefault.add(merged);
  return merged;
}

function goFieldName(name: SpecName): string {
  if (name === "namespace") return "NameSpace";
  return name.charAt(0).toUpperCase() + name.slice(1);
}

export function toFieldSpec(fields: FieldSpecFields): FieldSpec {
  const { group = "", version = "", kind = "", path = "", create = false } = fields;
  return { group, version, kind, path, create };
}

const configShape = struct("TransformerConfig", {
  namePrefix: fieldSpecsShape,
  nameSuffix: fieldSpecsShape,
  namespace: fieldSpecsShape,
  commonLabels: fieldSpecsShape,
  labels: fieldSpecsShape,
  templateLabels: fieldSpecsShape,
  commonAnnotations: fieldSpecsShape,
  varReference: fieldSpecsShape,
  images: fieldSpecsShape,
  replicas: fieldSpecsShape,
  nameReference: list(
    struct("NameBackReferences", { group: text, version: text, kind: text, fieldSpecs: fieldSpecsShape }),
    {},
  ),
});

/** Reads a file of the `configurations` field. */
export function parseTransformerConfig(document: string): TransformerConfig {
  const fields = readConfig(document);
  const specs: Record<SpecName, readonly FieldSpec[]> = emptySpecs();
  for (const name of specNames) specs[name] = (fields[name] ?? []).map(toFieldSpec);
  const nameReference = (fields.nameReference ?? []).map(({ group = "", version = "", kind = "", fieldSpecs }) => ({
    target: { group, version, kind },
    fields: (fieldSpecs ?? []).map(toFieldSpec),
  }));
  return sorted({ ...specs, nameReference });
}

function readConfig(document: string): NonNullable<ReturnType<typeof configShape.read>> {
  try {
    const value = decode(document, { strict: true });
    return configShape.read(value, { struct: "TransformerConfig", path: "", strict: true }) ?? {};
  } catch (error) {
    if (error instanceof YamlError) {
      throw new KustomizeError("kustomization", `error converting YAML to JSON: ${error.goMessage}`, error);
    }
    throw new KustomizeError(
      "kustomization",
      `error unmarshaling JSON: while decoding JSON: ${messageOf(error)}`,
      error,
    );
  }
}
