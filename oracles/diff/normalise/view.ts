// What of an answer a step wants compared: `only`, `ignore`, `unordered`, `fold`.
import { createHash } from "node:crypto";
import { canonical, isList, isObject } from "../json.ts";
import type { Json, JsonObject } from "../json.ts";
import { foldHashCharacters } from "../run/limits.ts";
import type { CommandView, View } from "../scenario/scenario.ts";
import { valueAt, withValueAt } from "../scenario/value-path.ts";

export function applyView(body: Json, view: View): Json {
  let seen = view.only.length === 0 ? body : picked(body, view);
  for (const path of view.ignore) {
    if (valueAt(seen, path) !== undefined) seen = withValueAt(seen, path, "<ignored>");
  }
  for (const path of view.unordered) {
    const list = valueAt(seen, path);
    if (isList(list))
      seen = withValueAt(
        seen,
        path,
        [...list].sort((a, b) => (canonical(a) < canonical(b) ? -1 : 1)),
      );
  }
  return view.fold === undefined ? seen : folded(seen, view.fold);
}

function picked(body: Json, view: View): Json {
  const fields = view.only.map((path): [string, Json] => {
    const name = path.map((segment) =>
      segment.kind === "key" ? segment.key : segment.kind === "index" ? String(segment.index) : segment.value,
    );
    return [name.join("."), valueAt(body, path) ?? "<absent>"];
  });
  return Object.fromEntries(fields);
}

/** Small values stay: a hash would be longer, and says less. */
function folded(value: Json, depth: number): Json {
  if (!isList(value) && !isObject(value))
    return typeof value === "string" && value.length > 200 ? hashOf(value) : value;
  if (depth <= 0) return canonical(value).length <= 40 ? value : hashOf(value);
  if (isList(value)) return value.map((item) => folded(item, depth - 1));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, folded(inner, depth - 1)]));
}

function hashOf(value: Json): string {
  return `#${createHash("sha256").update(canonical(value)).digest("base64url").slice(0, foldHashCharacters)}`;
}

export function applyCommandView(answer: JsonObject, view: CommandView): JsonObject {
  if (view.exitOnly) return { code: answer["code"] ?? null };
  const { lines, sorted } = view;
  const shown = (text: Json | undefined): Json => {
    if (typeof text !== "string") return "";
    let found = text.split("\n");
    if (lines !== undefined) found = found.filter((line) => lines.test(line));
    if (sorted) found.sort();
    return found.join("\n");
  };
  return { code: answer["code"] ?? null, stdout: shown(answer["stdout"]), stderr: shown(answer["stderr"]) };
}
