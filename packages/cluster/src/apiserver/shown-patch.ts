import { equalJson, isJsonObject } from "../object/json-value.ts";
import { compareBytes } from "../object/go-text.ts";
import type { Kind } from "../kinds/index.ts";
import type { KubeObject } from "../object/kube-object.ts";

/**
 * The result of a patch as Kubernetes shows it when it can't be read: what the patch went through has its keys in their order, all else stands
 * as it was.
 */
export function shownResult({ custom }: Pick<Kind, "custom">, patched: KubeObject, before: KubeObject): string {
  // A custom object is a map to Go, all the way down.
  const text = custom ? sorted(patched) : shown(inGoOrder(patched), inGoOrder(before));
  return text.replaceAll(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** An object with its metadata in the order in which Go writes it. */
function inGoOrder({ apiVersion, kind, metadata, ...rest }: KubeObject): KubeObject {
  const { name, generateName, namespace, uid, resourceVersion, generation, ...others } = metadata;
  const ordered = { name, generateName, namespace, uid, resourceVersion, generation, ...others };
  return { apiVersion, kind, metadata: JSON.parse(JSON.stringify(ordered)) as KubeObject["metadata"], ...rest };
}

function sorted(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sorted).join(",")}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const keys = Object.keys(value).toSorted(compareBytes);
  return `{${keys.map((key) => `${JSON.stringify(key)}:${sorted(value[key])}`).join(",")}}`;
}

function shown(value: unknown, before: unknown): string {
  if (equalJson(value, before)) return JSON.stringify(value);
  if (Array.isArray(value) && Array.isArray(before))
    return `[${value.map((each, index) => shown(each, before[index])).join(",")}]`;
  if (!isJsonObject(value) || !isJsonObject(before)) return JSON.stringify(value);
  const keys = Object.keys(value).toSorted(compareBytes);
  return `{${keys.map((key) => `${JSON.stringify(key)}:${shown(value[key], before[key])}`).join(",")}}`;
}

/** A patch as Go shows a map. */
export function goMapText(value: unknown): string {
  if (value === null || value === undefined) return "<nil>";
  if (Array.isArray(value)) return `[${value.map(goMapText).join(" ")}]`;
  if (!isJsonObject(value)) return String(value);
  const keys = Object.keys(value).toSorted(compareBytes);
  return `map[${keys.map((key) => `${key}:${goMapText(value[key])}`).join(" ")}]`;
}
