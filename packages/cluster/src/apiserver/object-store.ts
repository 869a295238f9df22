import { managedFieldsText } from "../apply/index.ts";
import type { KubeObject, ObjectMeta } from "../object/kube-object.ts";
import { apiVersionOf, type Kind } from "../kinds/index.ts";
import type { Store, StoredValue } from "../store/store.ts";
import { convertVersion } from "./convert-version.ts";

/** Where the objects of a kind are kept: `/registry/apps/deployments/shop/web`. Versions of a kind share the place. */
export function prefixOf(kind: Kind, namespace = ""): string {
  const group = (kind.storedAs?.group ?? kind.group) || "core";
  const whole = `/registry/${group}/${kind.plural}/`;
  return kind.namespaced && namespace !== "" ? `${whole}${namespace}/` : whole;
}

export function keyOf(kind: Kind, namespace: string, name: string): string {
  return `${prefixOf(kind, namespace)}${name}`;
}

/** The other way round. */
export function placeOf(kind: Kind, key: string): { readonly namespace: string; readonly name: string } {
  const rest = key.slice(prefixOf(kind).length);
  const slash = rest.indexOf("/");
  return { namespace: slash === -1 ? "" : rest.slice(0, slash), name: rest.slice(slash + 1) };
}

/** The bytes that are stored: JSON as it is answered, the kind in front, with the version it is written as. */
export function encodeObject(kind: Kind, object: KubeObject, revision: number): Buffer {
  const stored = kind.custom ? kind.custom.toStored(object) : convertVersion(object, storedVersionOf(kind));
  const { kind: _, apiVersion: __, metadata, ...rest } = stored;
  const members = JSON.stringify(rest);
  const end = members === "{}" ? "}" : `,${members.slice(1)}`;
  return Buffer.from(`${headOf(kind)}"metadata":${metadataText(metadata, revision)}${end}`);
}

function metadataText({ managedFields, ...metadata }: ObjectMeta, revision: number): string {
  metadata.resourceVersion = String(revision);
  const text = JSON.stringify(metadata);
  // What nobody reads comes last.
  return managedFields === undefined
    ? text
    : `${text.slice(0, -1)},"managedFields":${managedFieldsText(managedFields)}}`;
}

/** How all objects of a kind begin, so that a list can leave out what every item repeats. */
export function headOf(kind: Kind): string {
  const known = heads.get(kind);
  if (known !== undefined) return known;
  const head = `{"kind":${JSON.stringify(kind.kind)},"apiVersion":${JSON.stringify(storedVersionOf(kind))},`;
  heads.set(kind, head);
  return head;
}

const heads = new WeakMap<Kind, string>();

export function storedVersionOf(kind: Kind): string {
  return apiVersionOf(kind.storedAs ?? kind);
}

export function decodeObject(kind: Kind, stored: StoredValue): KubeObject {
  const object = JSON.parse(stored.value.toString("utf8")) as KubeObject;
  return kind.custom ? kind.custom.fromStored(object) : convertVersion(object, apiVersionOf(kind));
}

/** Whether the bytes can be answered as they are. */
export function isStoredAsAsked(kind: Kind): boolean {
  return kind.storedAs === undefined && kind.custom === undefined;
}

export function readObject(
  store: Store,
  kind: Kind,
  place: { readonly namespace: string; readonly name: string },
): StoredValue | undefined {
  return store.get(keyOf(kind, place.namespace, place.name));
}

/** The deleted object as a watch shows it: with the version of its deletion. */
export function withVersion(object: KubeObject, revision: number): KubeObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } };
}
