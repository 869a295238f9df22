import { gvkEquals, gvkText, isSelected } from "./gvk.ts";
import type { Gvk } from "./gvk.ts";

/** What an object is known by. */
export interface ResId extends Gvk {
  readonly name: string;
  readonly namespace: string;
  /** Known for certain not to be in a namespace. */
  readonly clusterScoped: boolean;
}

const notANamespace = "_non_namespaceable_";
const defaultNamespace = "default";

export function effectiveNamespace(id: ResId): string {
  if (id.clusterScoped) return notANamespace;
  return id.namespace === "" ? defaultNamespace : id.namespace;
}

export function isNotANamespace(namespace: string): boolean {
  return namespace === notANamespace;
}

export function sameNamespace(left: ResId, right: ResId): boolean {
  return effectiveNamespace(left) === effectiveNamespace(right);
}

export function idEquals(left: ResId, right: ResId): boolean {
  return sameNamespace(left, right) && sameNameAndGvk(left, right);
}

export function sameNameAndGvk(left: ResId, right: ResId): boolean {
  return left.name === right.name && gvkEquals(left, right);
}

/** Equal ids have equal keys. */
export function idKey(id: ResId): string {
  return `${effectiveNamespace(id)}\n${id.name}\n${id.kind}\n${id.version}\n${id.group}`;
}

export function idText(id: ResId): string {
  return `${gvkText(id)}/${id.name || "[noName]"}.${id.namespace || "[noNs]"}`;
}

/** As Go's %#v prints it in some messages. */
export function idGoText(id: ResId): string {
  const quote = (text: string): string => JSON.stringify(text);
  return (
    `resid.ResId{Gvk:resid.Gvk{Group:${quote(id.group)}, Version:${quote(id.version)}, Kind:${quote(id.kind)}, ` +
    `isClusterScoped:${id.clusterScoped}}, Name:${quote(id.name)}, Namespace:${quote(id.namespace)}}`
  );
}

/** Whether the selector, in which an empty part means any, takes the id. */
export function isIdSelected(id: ResId, selector: ResId): boolean {
  return (
    (selector.name === "" || selector.name === id.name) &&
    (selector.namespace === "" || sameNamespace(selector, id)) &&
    isSelected(id, selector)
  );
}
