import { fieldNames, peekField, requireKind, setField } from "../node/fields.ts";
import { compareBytes } from "../node/go-json.ts";
import { isMissingOrNull, isNull, makeScalar, tags } from "../node/node.ts";
import type { Node } from "../node/node.ts";
import { KustomizeError } from "../kustomize-error.ts";
import { takeDirective } from "./directive.ts";
import { mergeElements } from "./merge-list.ts";
import type { MergeSchema, SchemaSource } from "./schema.ts";

/** Both sides of a merge at one place; either may be absent. */
export interface Sides {
  target: Node | undefined;
  readonly patch: Node | undefined;
}

/**
 * Merges a strategic merge patch into the target, in place, and returns what stands there then: nothing when the patch deletes it.
 * Lists follow the schema of the kind; without one they are replaced whole.
 */
export function strategicMerge(target: Node, patch: Node, schemas: SchemaSource): Node | undefined {
  return new Merger(schemas).merge({ target, patch }, undefined);
}

export class Merger {
  readonly #schemas: SchemaSource;

  constructor(schemas: SchemaSource) {
    this.#schemas = schemas;
  }

  merge(sides: Sides, known: MergeSchema | undefined): Node | undefined {
    const schema = known ?? this.#schemaOf(sides.target) ?? this.#schemaOf(sides.patch);
    const first = [sides.target, sides.patch].find((side) => !isMissingOrNull(side));
    const kind = first?.kind ?? "none";
    if (kind !== "none") {
      requireKind(sides.target, kind);
      requireKind(sides.patch, kind);
    }
    if (kind === "scalar") return sides.patch ?? sides.target;
    if (kind !== "sequence") return this.#mergeMap(sides, schema);
    if (schema?.mergeKeys === undefined) return sides.patch ?? sides.target;
    return this.#mergeList(sides, schema, schema.mergeKeys);
  }

  #schemaOf(node: Node | undefined): MergeSchema | undefined {
    if (isMissingOrNull(node)) return undefined;
    const apiVersion = peekField(node, "apiVersion")?.value ?? "";
    const kind = peekField(node, "kind")?.value ?? "";
    return apiVersion === "" || kind === "" ? undefined : this.#schemas.forKind(apiVersion, kind);
  }

  #mergeMap(sides: Sides, schema: MergeSchema | undefined): Node | undefined {
    const target = mapToKeep(sides);
    if (target === undefined) return undefined;
    const names = new Set([...namesOf(target), ...namesOf(sides.patch)]);
    for (const name of [...names].sort(compareBytes)) {
      const inner = { target: peekField(target, name), patch: peekField(sides.patch, name) };
      setField(target, name, this.merge(inner, schema?.field(name)));
    }
    return target;
  }

  #mergeList(sides: Sides, schema: MergeSchema, keys: readonly string[]): Node | undefined {
    const target = listToKeep(sides);
    if (target === undefined) return undefined;
    const elements = schema.elements();
    return mergeElements({ target, patch: sides.patch }, keys, (inner) => this.merge(inner, elements));
  }
}

function namesOf(node: Node | undefined): string[] {
  return node?.kind === "mapping" ? fieldNames(node) : [];
}

function mapToKeep({ target, patch }: Sides): Node | undefined {
  if (!isMissingOrNull(target)) {
    if (isNull(patch)) return undefined;
    const directive = takeDirective(patch);
    if (directive === "delete") return undefined;
    return directive === "replace" ? patch : target;
  }
  if (patch?.kind === "mapping" || patch?.kind === "sequence") {
    if (directiveOrMerge(patch) === "delete") return undefined;
  }
  const nullNode: Node | undefined = target;
  return patch ?? persistentNull(nullNode);
}

function persistentNull(node: Node | undefined): Node | undefined {
  if (node === undefined || node.value === "") return undefined;
  return { ...makeScalar(node.value, tags.null), keep: true };
}

/** An unknown directive on something that the target has not is left in place. */
function directiveOrMerge(patch: Node): string {
  try {
    return takeDirective(patch);
  } catch (error) {
    if (error instanceof KustomizeError) return "merge";
    throw error;
  }
}

function listToKeep({ target, patch }: Sides): Node | undefined {
  if (isMissingOrNull(target)) return patch;
  if (isNull(patch)) return undefined;
  const directive = takeDirective(patch);
  if (directive === "delete") return undefined;
  return directive === "replace" ? patch : target;
}
