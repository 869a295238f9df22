import { cloneJson, getOwn, isJsonObject, setOwn } from "../object/json-value.ts";
import type { JsonObject } from "../object/json-value.ts";
import { PatchError } from "./patch-error.ts";

/** Applies an RFC 7386 patch to a copy of the object. `patch` is the decoded body of the request. */
export function applyMergePatch(object: unknown, patch: unknown): unknown {
  if (Array.isArray(patch)) return withoutNulls(patch);
  if (!isJsonObject(patch)) throw new PatchError("BadRequest", "Invalid JSON Patch");
  return merge(object, patch);
}

function merge(current: unknown, patch: unknown): unknown {
  if (!isJsonObject(current)) return withoutNulls(patch);
  // What replaces an object is taken as it is, with the nulls that are in its lists.
  if (!isJsonObject(patch)) return cloneJson(patch);
  const merged: JsonObject = {};
  for (const [key, value] of Object.entries(current)) {
    const change = getOwn(patch, key);
    if (change === null) continue;
    setOwn(merged, key, change === undefined ? cloneJson(value) : merge(value, change));
  }
  for (const [key, value] of Object.entries(patch)) {
    if (value !== null && !Object.hasOwn(current, key)) setOwn(merged, key, withoutNulls(value));
  }
  return merged;
}

/** Nulls in what is new remove nothing; in lists they stay. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isJsonObject(value)) return value;
  const kept: JsonObject = {};
  for (const [key, member] of Object.entries(value)) if (member !== null) setOwn(kept, key, withoutNulls(member));
  return kept;
}
