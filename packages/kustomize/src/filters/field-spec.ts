import type { FieldSpecRow } from "../data/field-specs.ts";
import { KustomizeError, withPrefix, wrapError } from "../kustomize-error.ts";
import { elementsOf, setField, setScalar } from "../node/fields.ts";
import { isNull, makeScalar } from "../node/node.ts";
import type { Node, NodeKind } from "../node/node.ts";
import { lookup, splitPath } from "../node/path.ts";
import { splitApiVersion } from "../resource/gvk.ts";
import type { Gvk } from "../resource/gvk.ts";
import { metadataText, stringField } from "../resource/metadata.ts";
import { idText } from "../resource/res-id.ts";

/** A field of the selected kinds; an empty part of the kind means any. */
export interface FieldSpec extends Gvk {
  readonly path: string;
  /** Make the field when it is missing. */
  readonly create: boolean;
}

export function fieldSpecFromRow([group, version, kind, path, create]: FieldSpecRow): FieldSpec {
  return { group, version, kind, path, create: create ?? false };
}

export interface FieldChange {
  readonly set: (node: Node) => void;
  /** What a missing field is made as; nothing: never made. */
  readonly createKind?: NodeKind;
  readonly createTag?: string;
}

/** Changes the field in every place of the object that the spec names. */
export function changeField(object: Node, spec: FieldSpec, change: FieldChange): void {
  if (!isMatch(object, spec)) return;
  try {
    walk(object, splitPath(spec.path, "/"), spec, change);
  } catch (error) {
    throw wrapError(`considering field '${spec.path}' of object ${objectText(object)}`, error);
  }
}

export function changeFields(object: Node, specs: readonly FieldSpec[], change: FieldChange): void {
  for (const spec of specs) changeField(object, spec, change);
}

function objectText(object: Node): string {
  const [group, version] = splitApiVersion(stringField(object, "apiVersion"));
  const name = metadataText(object, "name");
  const namespace = metadataText(object, "namespace");
  return idText({ group, version, kind: stringField(object, "kind"), name, namespace, clusterScoped: false });
}

function isMatch(object: Node, spec: FieldSpec): boolean {
  if (spec.kind !== "" && spec.kind !== stringField(object, "kind")) return false;
  if (spec.group === "" && spec.version === "") return true;
  const [group, version] = splitApiVersion(stringField(object, "apiVersion"));
  return (spec.group === "" || spec.group === group) && (spec.version === "" || spec.version === version);
}

function walk(node: Node, path: readonly string[], spec: FieldSpec, change: FieldChange): void {
  if (path.length === 0) {
    change.set(node);
    return;
  }
  if (isNull(node)) return;
  if (node.kind === "sequence") {
    withPrefix(
      () => `visit traversal on path: [${path.join(" ")}]`,
      () => {
        for (const element of elementsOf(node)) walk(element, path, spec, change);
      },
    );
    return;
  }
  if (node.kind !== "mapping") throw new KustomizeError("transform", "expected sequence or mapping node");
  walkMap(node, path, spec, change);
}

function walkMap(node: Node, path: readonly string[], spec: FieldSpec, change: FieldChange): void {
  const step = path[0] ?? "";
  const isSequence = step.endsWith("[]");
  const name = isSequence ? step.slice(0, -2) : step;
  if (name === "") throw new KustomizeError("transform", "cannot set or create an empty field name");
  const creates = spec.create && change.createKind !== undefined && !isSequence;
  const createKind = path.length <= 1 ? change.createKind : "mapping";
  const kind = isSequence ? "sequence" : creates ? createKind : undefined;
  const field = withPrefix(
    () => `fieldName: ${name}`,
    () => lookup(node, [name], creates ? createKind : undefined),
  );
  if (field === undefined) return;
  if (isNull(field) && kind !== undefined) {
    field.kind = kind;
    field.tag = creates && path.length <= 1 ? (change.createTag ?? "") : creates ? "!!map" : "";
  }
  walk(field, path.slice(1), spec, change);
}

/** Sets a scalar, or an entry of a mapping when it has a name. */
export function setEntry(name: string, value: string, tag: string): (node: Node) => void {
  return (node) => {
    const scalar = makeScalar(value, tag);
    if (name === "") setScalar(node, scalar);
    else setField(node, name, scalar);
  };
}
