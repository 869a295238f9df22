import { KustomizeError, messageOf, wrapError } from "../kustomize-error.ts";
import { goQuote } from "../node/go-json.ts";
import { assignNode, copyNode, isNilOrEmpty, makeScalar, textOf } from "../node/node.ts";
import type { Node } from "../node/node.ts";
import { lookup, splitBracketedPath } from "../node/path.ts";
import { gvkText } from "../resource/gvk.ts";
import type { Gvk } from "../resource/gvk.ts";
import { parseLabelSelector } from "../resource/label-selector.ts";
import { isIdSelected } from "../resource/res-id.ts";
import type { ResId } from "../resource/res-id.ts";
import type { Resource } from "../resource/resource.ts";
import type { Selector } from "../resource/selector.ts";
import { matchPath } from "./path-match.ts";

export interface FieldOptions {
  readonly delimiter: string;
  readonly index: number;
  readonly create: boolean;
}

export interface ReplacementSource extends Gvk {
  readonly name: string;
  readonly namespace: string;
  readonly fieldPath: string;
  readonly options: FieldOptions | undefined;
}

export interface ReplacementTarget {
  readonly select: Selector | undefined;
  readonly reject: readonly Selector[];
  readonly fieldPaths: readonly string[];
  readonly options: FieldOptions | undefined;
}

/** One entry of `replacements`: a value of one object that is copied into fields of others. */
export interface Replacement {
  readonly source: ReplacementSource | undefined;
  readonly sourceValue: string | undefined;
  readonly targets: readonly ReplacementTarget[] | undefined;
}

const defaultPath = "metadata.name";

export function applyReplacement(resources: readonly Resource[], replacement: Replacement): void {
  const { source, sourceValue, targets } = replacement;
  if ((sourceValue === undefined && source === undefined) || targets === undefined) {
    throw new KustomizeError("transform", "replacements must specify a source and at least one target");
  }
  if (sourceValue !== undefined && source !== undefined) {
    throw new KustomizeError("transform", "value and resource selectors are mutually exclusive");
  }
  const value = source === undefined ? makeScalar(sourceValue ?? "") : sourceNode(resources, source);
  for (const target of targets) applyToTarget(resources, value, target);
}

function idsOf(resource: Resource): ResId[] {
  return [resource.currentId, ...resource.previousIds];
}

function asId(selector: Gvk & { name: string; namespace: string }): ResId {
  return { ...selector, clusterScoped: false };
}

function sourceText(source: ReplacementSource): string {
  const id = `${gvkText(source)}/${source.name || "[noName]"}.${source.namespace || "[noNs]"}`;
  const { options } = source;
  const shown =
    options === undefined || (options.delimiter === "" && !options.create)
      ? ""
      : `:${options.delimiter}(${options.index}), create=${options.create}`;
  return `${id}${source.fieldPath === "" ? "" : `:${source.fieldPath}`}${shown}`;
}

function sourceNode(resources: readonly Resource[], source: ReplacementSource): Node {
  const matches = resources.filter((resource) => idsOf(resource).some((id) => isIdSelected(id, asId(source))));
  const [match] = matches;
  if (match === undefined) throw new KustomizeError("transform", `nothing selected by ${sourceText(source)}`);
  if (matches.length > 1) {
    throw new KustomizeError("transform", `multiple matches for selector ${sourceText(source)}`);
  }
  const path = source.fieldPath === "" ? defaultPath : source.fieldPath;
  let node: Node | undefined;
  try {
    node = lookup(match.tree, splitBracketedPath(path, "."));
  } catch (error) {
    throw wrapError("error looking up replacement source", error);
  }
  if (node === undefined || isNilOrEmpty(node)) {
    const id = `${gvkText(source)}/${source.name || "[noName]"}.${source.namespace || "[noNs]"}`;
    throw new KustomizeError("transform", `fieldPath \`${path}\` is missing for replacement source ${id}`);
  }
  return partOf(node, source.options);
}

function partOf(node: Node, options: FieldOptions | undefined): Node {
  if (options === undefined || options.delimiter === "") return node;
  if (node.kind !== "scalar") {
    throw new KustomizeError("transform", "delimiter option can only be used with scalar nodes");
  }
  const part = textOf(node).split(options.delimiter)[options.index];
  if (part === undefined) {
    throw new KustomizeError("transform", `options.index ${options.index} is out of bounds for value ${textOf(node)}`);
  }
  return { ...copyNode(node), value: part };
}

function applyToTarget(resources: readonly Resource[], value: Node, target: ReplacementTarget): void {
  const { select } = target;
  if (select === undefined) throw new KustomizeError("transform", "target must specify resources to select");
  const rejected = target.reject.filter(({ group, version, kind, name, namespace }) =>
    [group, version, kind, name, namespace].some((part) => part !== ""),
  );
  for (const resource of resources) {
    const ids = idsOf(resource);
    if (!matchesLabels(resource, select)) continue;
    const isRejected = target.reject.some(
      (reject) => (reject.annotationSelector !== "" || reject.labelSelector !== "") && matchesLabels(resource, reject),
    );
    if (isRejected || !ids.some((id) => isIdSelected(id, asId(select)))) continue;
    if (rejected.some((reject) => ids.some((id) => isIdSelected(id, asId(reject))))) continue;
    copyToFields(resource.tree, value, target);
  }
}

function matchesLabels(resource: Resource, selector: Selector): boolean {
  return (
    parseLabelSelector(selector.annotationSelector)(resource.annotations) &&
    parseLabelSelector(selector.labelSelector)(resource.labels)
  );
}

function copyToFields(object: Node, value: Node, target: ReplacementTarget): void {
  const paths = target.fieldPaths.length === 0 ? [defaultPath] : target.fieldPaths;
  for (const path of paths) {
    const creates = target.options?.create === true;
    const problem = `unable to find ${creates ? "or create " : ""}field ${goQuote(path)} in replacement target`;
    let fields: Node[];
    try {
      fields = matchPath(object, splitBracketedPath(path, "."), creates ? value.kind : undefined);
    } catch (error) {
      throw new KustomizeError("transform", `${problem}: ${messageOf(error)}`, error);
    }
    if (fields.length === 0) throw new KustomizeError("transform", problem);
    for (const field of fields) copyToField(field, value, target.options);
  }
}

function copyToField(field: Node, source: Node, options: FieldOptions | undefined): void {
  const value = copyNode(source);
  if (options !== undefined && options.delimiter !== "") {
    if (field.kind !== "scalar") {
      throw new KustomizeError("transform", "delimiter option can only be used with scalar nodes");
    }
    const parts = field.value.split(options.delimiter);
    const text = textOf(value);
    if (options.index < 0) parts.unshift(text);
    else if (options.index >= parts.length) parts.push(text);
    else parts[options.index] = text;
    value.value = parts.join(options.delimiter);
  }
  if (field.kind === "scalar") field.value = value.value;
  else assignNode(field, value);
}
