import { decode, encode } from "@fairway/yaml";
import { toFieldSpec } from "../config/transformer-config.ts";
import type { FieldSpec } from "../filters/field-spec.ts";
import { changeNamespace, parseSubjectMode } from "../filters/namespace.ts";
import { addValue } from "../filters/value-add.ts";
import { flag, integer, list, mapOf, struct, text } from "../kustomization/shape.ts";
import type { Shape } from "../kustomization/shape.ts";
import {
  fieldSpecsShape,
  imageShape,
  patchShape,
  replacementFieldShape,
  replicaShape,
  selectorShape,
} from "../kustomization/shapes.ts";
import { KustomizeError, wrapError } from "../kustomize-error.ts";
import type { Loader } from "../loader/loader.ts";
import { idText } from "../resource/res-id.ts";
import type { Resource } from "../resource/resource.ts";
import { selectResources } from "../resource/selector.ts";
import { toPlainObject } from "../node/plain-value.ts";
import { gvkText } from "../resource/gvk.ts";
import { jsonPatchTransform, patchTransform, strategicMergeTransform } from "./patch-transformers.ts";
import { replacementTransform } from "./replacement-transformer.ts";
import {
  affixTransform,
  entriesTransform,
  hashTransform,
  imageTransform,
  namespaceTransform,
  replicaTransform,
} from "./simple-transformers.ts";
import type { Transform } from "./simple-transformers.ts";
import { toImageChange, toSelector } from "./typed-fields.ts";
import type { BuildContext } from "./context.ts";

/** What a plugin object configures. */
export interface PluginInput {
  readonly resource: Resource;
  readonly loader: Loader;
  readonly context: BuildContext;
}

type MakeTransform = (input: PluginInput) => Promise<Transform> | Transform;

export const generatorKinds: ReadonlySet<string> = new Set([
  "ConfigMapGenerator",
  "SecretGenerator",
  "HelmChartInflationGenerator",
  "IAMPolicyGenerator",
]);

/** Reads the object as the fields of a plugin; other fields are not looked at. */
export function readPlugin<Value>(resource: Resource, shape: Shape<Value>): Value | undefined {
  const value: unknown = decode(encode(toPlainObject(resource.tree)), { integers: "bigint" });
  return shape.read(value, { struct: shape.type, path: "", strict: false });
}

const texts = mapOf(text, "");

function specsOf(fields: Parameters<typeof toFieldSpec>[0][] | undefined): FieldSpec[] {
  return (fields ?? []).map(toFieldSpec);
}

const affixShape = struct("Affix", { prefix: text, suffix: text, fieldSpecs: fieldSpecsShape });

function affix(where: "prefix" | "suffix"): MakeTransform {
  return ({ resource }) => {
    const fields = readPlugin(resource, affixShape) ?? {};
    if (fields.fieldSpecs === undefined) {
      throw new KustomizeError("kustomization", "fieldSpecs is not expected to be nil");
    }
    return affixTransform(where, fields[where] ?? "", specsOf(fields.fieldSpecs));
  };
}

const namespaceShape = struct("NamespaceTransformerPlugin", {
  metadata: struct("ObjectMeta", { namespace: text }),
  fieldSpecs: fieldSpecsShape,
  unsetOnly: flag,
  setRoleBindingSubjects: text,
});

const smPatchShape = struct("PatchStrategicMergeTransformerPlugin", {
  paths: list(text, ""),
  patches: text,
});

const jsonPatchShape = struct("PatchJson6902TransformerPlugin", { target: selectorShape, path: text, jsonOp: text });

const targetsShape = list(
  struct("Target", { selector: selectorShape, fieldPath: text, filePathPosition: integer }),
  {},
);
const valueAddShape = struct("ValueAddTransformerPlugin", {
  value: text,
  targets: targetsShape,
  targetFilePath: text,
});

async function valueAdd({ resource, loader, context }: PluginInput): Promise<Transform> {
  const fields = readPlugin(resource, valueAddShape) ?? {};
  const given = (fields.value ?? "").trim();
  const value = given === "" ? loader.baseName : given;
  const targets = [...(fields.targets ?? [])];
  const path = fields.targetFilePath ?? "";
  if (path !== "") {
    const shape = struct("Targets", { targets: targetsShape });
    const more = shape.read(decode(await loader.loadText(path)), { struct: "Targets", path: "", strict: false });
    targets.push(...(more?.targets ?? []));
  }
  if (targets.length === 0) throw new KustomizeError("kustomization", "must specify at least one target");
  for (const { fieldPath = "", filePathPosition = 0 } of targets) {
    if (fieldPath === "") throw new KustomizeError("kustomization", "fieldPath cannot be empty");
    if (filePathPosition < 0) {
      throw new KustomizeError("kustomization", `value of FilePathPosition (${filePathPosition}) cannot be negative`);
    }
  }
  return (map) => {
    for (const { selector, fieldPath = "", filePathPosition = 0 } of targets) {
      const selected = selector === undefined ? map.resources : selectResources(map, toSelector(selector));
      for (const target of selected) {
        if (fieldPath === "metadata/namespace") {
          const change = { namespace: value, specs: [], subjects: parseSubjectMode(""), unsetOnly: false };
          changeNamespace(target.tree, change, context.scopes.isClusterScoped(target.gvk));
        } else addValue(target.tree, value, fieldPath, filePathPosition);
      }
    }
  };
}

const transformers: Readonly<Record<string, MakeTransform>> = {
  PrefixTransformer: affix("prefix"),
  SuffixTransformer: affix("suffix"),
  PrefixSuffixTransformer: async (input) => {
    const both = [await affix("prefix")(input), await affix("suffix")(input)];
    return (map) => {
      for (const transform of both) transform(map);
    };
  },
  HashTransformer: () => hashTransform,
  LabelTransformer: ({ resource }) => {
    const shape = struct("LabelTransformerPlugin", { labels: texts, fieldSpecs: fieldSpecsShape });
    const fields = readPlugin(resource, shape) ?? {};
    return entriesTransform(fields.labels ?? {}, specsOf(fields.fieldSpecs));
  },
  AnnotationsTransformer: ({ resource }) => {
    const shape = struct("AnnotationsTransformerPlugin", { annotations: texts, fieldSpecs: fieldSpecsShape });
    const fields = readPlugin(resource, shape) ?? {};
    return entriesTransform(fields.annotations ?? {}, specsOf(fields.fieldSpecs));
  },
  ImageTagTransformer: ({ resource }) => {
    const shape = struct("ImageTagTransformerPlugin", { imageTag: imageShape, fieldSpecs: fieldSpecsShape });
    const fields = readPlugin(resource, shape) ?? {};
    return imageTransform(toImageChange(fields.imageTag ?? {}), specsOf(fields.fieldSpecs));
  },
  ReplicaCountTransformer: ({ resource }) => {
    const shape = struct("ReplicaCountTransformerPlugin", { replica: replicaShape, fieldSpecs: fieldSpecsShape });
    const fields = readPlugin(resource, shape) ?? {};
    return replicaTransform(fields.replica?.name ?? "", fields.replica?.count ?? 0, specsOf(fields.fieldSpecs));
  },
  NamespaceTransformer: ({ resource }) => {
    const fields = readPlugin(resource, namespaceShape) ?? {};
    return namespaceTransform({
      namespace: fields.metadata?.namespace ?? "",
      specs: specsOf(fields.fieldSpecs),
      subjects: parseSubjectMode(fields.setRoleBindingSubjects ?? ""),
      unsetOnly: fields.unsetOnly ?? false,
    });
  },
  PatchTransformer: ({ resource, loader, context }) =>
    patchTransform(loader, readPlugin(resource, patchShape) ?? {}, context),
  PatchStrategicMergeTransformer: ({ resource, loader, context }) => {
    const fields = readPlugin(resource, smPatchShape) ?? {};
    return strategicMergeTransform(loader, fields.paths ?? [], fields.patches ?? "", context);
  },
  PatchJson6902Transformer: ({ resource, loader }) => {
    const { jsonOp, ...fields } = readPlugin(resource, jsonPatchShape) ?? {};
    return jsonPatchTransform(loader, { ...fields, ...(jsonOp === undefined ? {} : { patch: jsonOp }) });
  },
  ReplacementTransformer: ({ resource, loader }) => {
    const shape = struct("ReplacementTransformerPlugin", { replacements: list(replacementFieldShape, {}) });
    return replacementTransform(loader, readPlugin(resource, shape)?.replacements ?? []);
  },
  ValueAddTransformer: valueAdd,
};

/** Refuses everything but the plugins that are built in. */
export function requireBuiltin(resource: Resource): void {
  const { gvk } = resource;
  if (gvk.group !== "" || gvk.version !== "builtin") {
    throw new KustomizeError(
      "unsupported",
      `external plugins disabled; unable to load external plugin '${resource.originalId.kind}'`,
    );
  }
  if (!generatorKinds.has(gvk.kind) && !Object.hasOwn(transformers, gvk.kind)) {
    throw new KustomizeError("unsupported", `unable to load builtin ${gvkText(gvk)}`);
  }
}

/** The transformer that an object configures. */
export async function pluginTransform(input: PluginInput): Promise<Transform> {
  const { resource } = input;
  requireBuiltin(resource);
  const make = Object.hasOwn(transformers, resource.kind) ? transformers[resource.kind] : undefined;
  if (make === undefined) {
    throw new KustomizeError("kustomization", `plugin ${idText(resource.originalId)} not a transformer`);
  }
  return configuredPlugin(resource, () => make(input));
}

export async function configuredPlugin<Result>(
  resource: Resource,
  work: () => Promise<Result> | Result,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw wrapError(`plugin ${idText(resource.originalId)} fails configuration`, error);
  }
}
