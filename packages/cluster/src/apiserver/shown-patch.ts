import { equalJson, isJsonObject } from "../object/json-value.ts";
import { compareBytes } from "../object/go-text.ts";

/**
 * The result of a patch as Kubernetes shows it when it can't be read: what the patch went through has its keys in their order, all else stands
 * as it was.
 */
export function shownResult(patched: unknown, before: unknown): string {
  return shown(patched, before).replaceAll(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
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
