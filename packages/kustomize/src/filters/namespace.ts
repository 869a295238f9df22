import { KustomizeError, wrapError } from "../kustomize-error.ts";
import { NodeKindError, elementsOf, getField } from "../node/fields.ts";
import { isMissingOrNull, tags } from "../node/node.ts";
import type { Node } from "../node/node.ts";
import { lookup } from "../node/path.ts";
import { stringField } from "../resource/metadata.ts";
import { changeField, changeFields, setEntry } from "./field-spec.ts";
import type { FieldSpec } from "./field-spec.ts";

export type SubjectMode = "defaultOnly" | "allServiceAccounts" | "none";

export interface NamespaceChange {
  readonly namespace: string;
  readonly specs: readonly FieldSpec[];
  readonly subjects: SubjectMode;
  /** Leave objects alone that have a namespace. */
  readonly unsetOnly: boolean;
}

export function parseSubjectMode(text: string): SubjectMode {
  if (text === "") return "defaultOnly";
  if (text === "defaultOnly" || text === "allServiceAccounts" || text === "none") return text;
  throw new KustomizeError(
    "transform",
    `invalid value "${text}" for setRoleBindingSubjects: must be one of "defaultOnly", "none" or "allServiceAccounts"`,
  );
}

/** Puts the object, and what it says of namespaces, into the namespace. */
export function changeNamespace(object: Node, change: NamespaceChange, isClusterScoped: boolean): void {
  const set = setterOf(change);
  if (!isClusterScoped) {
    const spec: FieldSpec = { group: "", version: "", kind: "", path: "metadata/namespace", create: true };
    changeField(object, spec, { set, createKind: "scalar" });
  }
  const kind = stringField(object, "kind");
  const isBinding = isRoleBinding(kind);
  if (isBinding) changeSubjects(object, change.subjects, set);
  const isCore = stringField(object, "apiVersion") === "v1";
  const specs = change.specs.filter(
    (spec) =>
      spec.path !== "metadata/namespace" &&
      (isCore || spec.path !== "metadata/name") &&
      !(isBinding && isRoleBinding(spec.kind) && spec.path === "subjects/namespace"),
  );
  try {
    changeFields(object, specs, { set, createKind: "scalar", createTag: tags.string });
  } catch (error) {
    const isWrongKind = findKindError(error)?.actual;
    const prefix =
      isWrongKind !== undefined && isWrongKind !== "scalar"
        ? "namespace field specs must target scalar nodes"
        : "namespace transformation failed";
    throw wrapError(prefix, error);
  }
}

function findKindError(error: unknown): NodeKindError | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof NodeKindError) return cause;
  }
  return undefined;
}

function setterOf(change: NamespaceChange): (node: Node) => void {
  const set = setEntry("", change.namespace, tags.string);
  if (!change.unsetOnly) return set;
  return (node) => {
    if (node.value === "" || isMissingOrNull(node)) set(node);
  };
}

function isRoleBinding(kind: string): boolean {
  return kind === "RoleBinding" || kind === "ClusterRoleBinding";
}

function changeSubjects(object: Node, mode: SubjectMode, set: (node: Node) => void): void {
  if (mode === "none") return;
  const subjects = lookup(object, ["subjects"]);
  if (subjects === undefined || isMissingOrNull(subjects)) return;
  for (const subject of elementsOf(subjects)) {
    const field = getField(subject, mode === "defaultOnly" ? "name" : "kind");
    const expected = mode === "defaultOnly" ? "default" : "ServiceAccount";
    if (field === undefined || isMissingOrNull(field) || field.value !== expected) continue;
    const namespace = lookup(subject, ["namespace"], "scalar");
    if (namespace !== undefined) set(namespace);
  }
}
