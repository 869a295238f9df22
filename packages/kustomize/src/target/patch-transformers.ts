import { encode } from "@fairway/yaml";
import { applyJsonPatch, parseJsonPatch } from "../filters/json-patch.ts";
import type { JsonPatch } from "../filters/json-patch.ts";
import type { PatchFields } from "../kustomization/shapes.ts";
import { KustomizeError, messageOf, wrapError } from "../kustomize-error.ts";
import type { Loader } from "../loader/loader.ts";
import { strategicMerge } from "../merge/strategic-merge.ts";
import { goQuote } from "../node/go-json.ts";
import { buildAnnotation, isInternalAnnotation } from "../resource/build-annotations.ts";
import { apiVersionOf } from "../resource/gvk.ts";
import { idText } from "../resource/res-id.ts";
import { resourcesFromText } from "../resource/resource-factory.ts";
import type { ResourceMap } from "../resource/resource-map.ts";
import type { Resource } from "../resource/resource.ts";
import { selectResources, selectorText } from "../resource/selector.ts";
import { toSelector } from "./typed-fields.ts";
import type { BuildContext } from "./context.ts";
import type { Transform } from "./simple-transformers.ts";

/** Puts what failed to be configured, and its configuration, before the error. */
export async function configured<Result>(
  kind: string,
  config: unknown,
  work: () => Promise<Result> | Result,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw wrapError(`trouble configuring builtin ${kind} with config: \`\n${encode(config)}\``, error);
  }
}

interface LoadedPatch {
  readonly strategic: readonly Resource[];
  readonly json: JsonPatch | undefined;
  readonly source: string;
}

/** One entry of `patches`: strategic merge or JSON 6902, whichever the text is. */
export async function patchTransform(loader: Loader, fields: PatchFields, context: BuildContext): Promise<Transform> {
  const loaded = await loadPatch(loader, fields, context);
  const options = fields.options ?? {};
  for (const patch of loaded.strategic) {
    if (options["allowNameChange"] === true) patch.enable(buildAnnotation.allowNameChange);
    if (options["allowKindChange"] === true) patch.enable(buildAnnotation.allowKindChange);
  }
  if (loaded.json !== undefined) return jsonTransform(loaded.json, fields, loaded.source);
  return (map) => applyStrategic(map, loaded, fields, context);
}

async function loadPatch(loader: Loader, fields: PatchFields, context: BuildContext): Promise<LoadedPatch> {
  const inline = (fields.patch ?? "").trim();
  const path = fields.path ?? "";
  if (inline === "" && path === "") {
    throw new KustomizeError("kustomization", `must specify one of patch and path in\n${encode(fields)}`);
  }
  if (inline !== "" && path !== "") {
    throw new KustomizeError("kustomization", `patch and path can't be set at the same time\n${encode(fields)}`);
  }
  const text = inline === "" ? await loadPatchFile(loader, path) : inline;
  const source = inline === "" ? `[path: ${goQuote(path)}]` : `[patch: ${goQuote(inline)}]`;
  const strategic = attempt(() => resourcesFromText(text, context.scopes));
  const json = attempt(() => parseJsonPatch(text));
  if (strategic === undefined && json === undefined) {
    throw new KustomizeError("transform", `unable to parse SM or JSON patch from ${source}`);
  }
  if ((strategic?.length ?? 0) > 0 && (json?.length ?? 0) > 0) {
    throw new KustomizeError("transform", `illegally qualifies as both an SM and JSON patch: ${source}`);
  }
  if (strategic !== undefined && strategic.length > 0) return { strategic, json: undefined, source };
  return { strategic: [], json: json ?? [], source };
}

async function loadPatchFile(loader: Loader, path: string): Promise<string> {
  try {
    return await loader.loadText(path);
  } catch (error) {
    throw wrapError(`failed to get the patch file from path(${path})`, error);
  }
}

function attempt<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}

function applyStrategic(map: ResourceMap, loaded: LoadedPatch, fields: PatchFields, context: BuildContext): void {
  if (fields.target !== undefined) {
    const [patch, another] = loaded.strategic;
    if (another !== undefined) {
      throw new KustomizeError(
        "transform",
        "Multiple Strategic-Merge Patches in one `patches` entry is not allowed to set `patches.target` field: " +
          loaded.source,
      );
    }
    if (patch !== undefined) applyToSelected(map, patch, fields, context);
    return;
  }
  for (const patch of loaded.strategic) {
    let target: Resource;
    try {
      target = map.byId(patch.originalId);
    } catch (error) {
      throw wrapError(`no resource matches strategic merge patch ${goQuote(idText(patch.originalId))}`, error);
    }
    mergePatch(target, patch, context);
  }
}

function applyToSelected(map: ResourceMap, patch: Resource, fields: PatchFields, context: BuildContext): void {
  const selector = toSelector(fields.target ?? {});
  let selected: Resource[];
  try {
    selected = selectResources(map, selector);
  } catch (error) {
    throw wrapError(`unable to find patch target ${goQuote(selectorText(selector))} in \`resources\``, error);
  }
  applyToAll(map, selected, patch, context);
}

/** Merges a copy of the patch, which takes the identity of the target, into each of the objects. */
export function applyToAll(
  map: ResourceMap,
  selected: readonly Resource[],
  patch: Resource,
  context: BuildContext,
): void {
  for (const resource of selected) {
    const copy = patch.copy();
    copy.mergeMetadataFrom(patch);
    copy.setKind(resource.kind);
    copy.setApiVersion(apiVersionOf(resource.gvk));
    copy.setKind(patch.kind);
    mergePatch(resource, copy, context);
  }
  map.replaceAll(map.resources.filter((resource) => !resource.isEmpty));
}

function mergePatch(target: Resource, patch: Resource, context: BuildContext): void {
  const { name, namespace, kind } = target;
  const mayRename = patch.isEnabled(buildAnnotation.allowNameChange);
  const mayChangeKind = patch.isEnabled(buildAnnotation.allowKindChange);
  if (mayRename || mayChangeKind) target.storePreviousId();
  const result = strategicMerge(target.tree, patch.tree, context.schemas);
  if (result === undefined) target.node = undefined;
  if (target.isEmpty) return;
  if (!mayChangeKind) target.setKind(kind);
  if (!mayRename) target.name = name;
  target.setNamespace(namespace);
}

/** One file or inline text of `patchesStrategicMerge`. */
export async function strategicMergeTransform(
  loader: Loader,
  paths: readonly string[],
  inline: string,
  context: BuildContext,
): Promise<Transform> {
  if (paths.length === 0 && inline === "") {
    throw new KustomizeError("kustomization", "empty file path and empty patch content");
  }
  const patches: Resource[] = [];
  for (const path of paths) {
    patches.push(
      ...(attempt(() => resourcesFromText(path, context.scopes)) ?? (await loadObjects(loader, path, context))),
    );
  }
  if (inline !== "") patches.push(...resourcesFromText(inline, context.scopes));
  if (patches.length === 0) {
    throw new KustomizeError("transform", `patch appears to be empty; files=[${paths.join(" ")}], Patch=${inline}`);
  }
  return (map) => {
    for (const patch of patches) applyToAll(map, [map.byId(patch.originalId)], patch, context);
  };
}

/** Objects of a file; what is wrong with the text is said with the path. */
export async function loadObjects(loader: Loader, path: string, context: BuildContext): Promise<Resource[]> {
  const text = await loader.loadText(path);
  try {
    return resourcesFromText(text, context.scopes);
  } catch (error) {
    const message = messageOf(error);
    if (message.includes("error converting YAML to JSON") || message.includes("error unmarshaling JSON")) {
      throw new KustomizeError("yaml", `YAML file [${path}] encounters a format error.\n${message}\n`, error);
    }
    if (!message.includes("MalformedYAMLError")) throw error;
    throw new KustomizeError("yaml", `${message} in File: ${path}`, error);
  }
}

/** One entry of `patchesJson6902`. */
export async function jsonPatchTransform(loader: Loader, fields: PatchFields): Promise<Transform> {
  const path = fields.path ?? "";
  let text = fields.patch ?? "";
  if ((fields.target?.name ?? "") === "") throw new KustomizeError("kustomization", "must specify the target name");
  if (path === "" && text === "") throw new KustomizeError("kustomization", "empty file path and empty jsonOp");
  if (path !== "") {
    if (text !== "") throw new KustomizeError("kustomization", "must specify a file path or jsonOp, not both");
    text = await loader.loadText(path);
    if (text === "") throw new KustomizeError("transform", `patch file '${path}' empty seems to be empty`);
  }
  const patch = decodeOperations(text);
  if (patch.length === 0) {
    throw new KustomizeError("transform", `patch appears to be empty; file=${path}, JsonOp=${text}`);
  }
  return jsonTransform(patch, { ...fields, options: {} }, text, false);
}

function decodeOperations(text: string): JsonPatch {
  try {
    return parseJsonPatch(text);
  } catch (error) {
    throw wrapError(`decoding ${text}`, error);
  }
}

function jsonTransform(patch: JsonPatch, fields: PatchFields, source: string, remembers = true): Transform {
  return (map) => {
    if (fields.target === undefined) {
      throw new KustomizeError("transform", `must specify a target for JSON patch ${source}`);
    }
    for (const resource of selectResources(map, toSelector(fields.target))) {
      if (remembers) resource.storePreviousId();
      const internal = Array.from(resource.annotations).filter(([key]) => isInternalAnnotation(key));
      applyJsonPatch(resource.tree, patch);
      resource.annotations = new Map([...resource.annotations, ...internal]);
    }
  };
}
