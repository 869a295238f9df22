import { requireKind, setScalar } from "../node/fields.ts";
import { makeScalar } from "../node/node.ts";
import type { Node } from "../node/node.ts";
import { lookup, splitPath } from "../node/path.ts";

/** Puts a value into a field, or, with a position from 1, into a path that the field holds. */
export function addValue(object: Node, value: string, fieldPath: string, position: number): void {
  const field = lookup(object, splitPath(fieldPath, "/"), "scalar");
  if (field === undefined) return;
  requireKind(field, "scalar");
  const text = position > 0 ? insertPart(field.value, position - 1, value) : value;
  setScalar(field, makeScalar(text));
}

function insertPart(path: string, position: number, part: string): string {
  const isAbsolute = path.startsWith("/");
  const parts = path.split("/").filter((piece) => piece !== "");
  parts.splice(Math.min(position, parts.length), 0, part);
  return `${isAbsolute ? "/" : ""}${parts.join("/")}`;
}
