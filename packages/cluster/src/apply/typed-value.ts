import { goSyntax, goText, goTypeOf } from "../object/go-text.ts";
import { isJsonObject } from "../object/json-value.ts";
import type { JsonObject } from "../object/json-value.ts";
import type { SchemaLibrary, SchemaRef } from "../schema/schema.ts";
import { atomFor, below, memberSchema, report, startWalk } from "./atom.ts";
import type { ListAtom, MapAtom, ScalarAtom, Walk } from "./atom.ts";
import { FieldSet } from "./field-set.ts";
import { itemElement } from "./list-items.ts";
import { fieldElement, pathText } from "./path-element.ts";

/** What is wrong with a value by its schema, as one text; undefined when nothing is. */
export function typeProblems(
  library: SchemaLibrary,
  schema: SchemaRef,
  value: unknown,
  options: { readonly allowDuplicates: boolean },
): string | undefined {
  const walk = startWalk(library);
  checkValue(walk, schema, value, options.allowDuplicates);
  return problemText(walk);
}

export function problemText(walk: Walk): string | undefined {
  const lines = walk.problems.map(({ path, message }) =>
    path.length === 0 ? message : `${pathText(path)}: ${message}`,
  );
  return lines.length > 1 ? ["errors:", ...lines.map((line) => `  ${line}`)].join("\n") : lines[0];
}

function checkValue(walk: Walk, schema: SchemaRef, value: unknown, allowDuplicates: boolean): void {
  const atom = atomFor(walk.library, schema, value);
  switch (atom.kind) {
    case "scalar": {
      const problem = scalarProblem(atom, value);
      if (problem !== undefined) report(walk, problem);
      return;
    }
    case "list":
      checkList(walk, atom, value, allowDuplicates);
      return;
    default:
      checkMap(walk, atom, value, allowDuplicates);
  }
}

/** Null is fine: it says nothing. */
export function scalarProblem(atom: ScalarAtom, value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  switch (atom.scalar) {
    case "numeric":
      return typeof value === "number" ? undefined : `expected numeric (int or float), got ${goTypeOf(value)}`;
    case "string":
      return typeof value === "string"
        ? undefined
        : `expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`;
    case "boolean":
      return typeof value === "boolean" ? undefined : `expected boolean, got &{${goText(value)}}`;
    default:
      return typeof value === "object" ? `expected any scalar, got &{${goText(value)}}` : undefined;
  }
}

function checkList(walk: Walk, atom: ListAtom, value: unknown, allowDuplicates: boolean): void {
  if (value === null) return;
  if (!Array.isArray(value)) {
    report(walk, `expected list, got &{${goText(value)}}`);
    return;
  }
  const seen = new Set<string>();
  for (const [index, item] of value.entries()) {
    let element = `i:${index}`;
    if (atom.listType !== "atomic") {
      const found = itemElement(walk.library, atom, item);
      if ("problem" in found) {
        report(walk, `element ${index}: ${found.problem}`);
        return;
      }
      element = found.element;
      if (seen.has(element) && !allowDuplicates) report(walk, `duplicate entries for key ${pathText([element])}`);
      seen.add(element);
    }
    below(walk, element, () => checkValue(walk, atom.items, item, allowDuplicates));
  }
}

function checkMap(walk: Walk, atom: MapAtom, value: unknown, allowDuplicates: boolean): void {
  if (value === null) return;
  if (!isJsonObject(value)) {
    report(walk, `expected map, got &{${goText(value)}}`);
    return;
  }
  for (const [key, member] of Object.entries(value)) {
    const schema = memberSchema(atom, key);
    if (schema === undefined) {
      below(walk, fieldElement(key), () => report(walk, "field not declared in schema"));
      return;
    }
    below(walk, fieldElement(key), () => checkValue(walk, schema, member, allowDuplicates));
  }
}

/** Every leaf and every item that the value mentions. The value must fit its schema. */
export function fieldSetOf(library: SchemaLibrary, schema: SchemaRef, value: unknown): FieldSet {
  const set = new FieldSet();
  const walk = startWalk(library);
  collect(walk, schema, value, set);
  return set;
}

function collect(walk: Walk, schema: SchemaRef, value: unknown, set: FieldSet): void {
  const atom = atomFor(walk.library, schema, value);
  if (
    atom.kind === "scalar" ||
    (atom.kind === "map" && atom.atomic) ||
    (atom.kind === "list" && atom.listType === "atomic")
  ) {
    set.insert(walk.path);
  } else if (atom.kind === "list") {
    if (Array.isArray(value)) collectItems(walk, atom, value, set);
  } else if (isJsonObject(value)) {
    collectMembers(walk, atom, value, set);
  }
}

function collectItems(walk: Walk, atom: ListAtom, items: readonly unknown[], set: FieldSet): void {
  const elements = items.map((item) => {
    const found = itemElement(walk.library, atom, item);
    return "element" in found ? found.element : undefined;
  });
  for (const [index, element] of elements.entries()) {
    if (element === undefined) continue;
    const isRepeated = elements.indexOf(element) !== elements.lastIndexOf(element);
    below(walk, element, () => {
      if (!isRepeated) collect(walk, atom.items, items[index], set);
      set.insert(walk.path);
    });
  }
}

function collectMembers(walk: Walk, atom: MapAtom, members: JsonObject, set: FieldSet): void {
  for (const [key, value] of Object.entries(members)) {
    const schema = memberSchema(atom, key);
    if (schema === undefined) continue;
    below(walk, fieldElement(key), () => {
      collect(walk, schema, value, set);
      const isEmpty = value === null || (isJsonObject(value) && Object.keys(value).length === 0);
      if (isEmpty || !atom.fields.has(key)) set.insert(walk.path);
    });
  }
}
