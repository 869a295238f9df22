import { has, isTable } from "../values/table.ts";
import type { Table } from "../values/table.ts";
import { draftOf, subschemaPlaces } from "./draft.ts";
import type { Draft } from "./draft.ts";
import { escapeToken } from "./failure.ts";
import { SchemaError } from "./schema-error.ts";

/** A part of a document with an address of its own (`$id`), or the whole document. */
export interface Resource {
  readonly pointer: string;
  readonly url: string;
  readonly draft: Draft;
  readonly anchors: Map<string, string>;
  readonly dynamicAnchors: Set<string>;
}

/** A schema document with what references into it need. */
export class SchemaDocument {
  readonly url: string;
  readonly root: unknown;
  readonly #resources = new Map<string, Resource>();
  readonly #visited = new Set<string>();

  constructor(url: string, root: unknown, fallback: Draft) {
    this.url = url;
    this.root = root;
    this.#collect(root, "", { url, draft: fallback });
  }

  /** The resource that the place belongs to: the nearest one above it. */
  resourceAt(pointer: string): Resource {
    for (let at = pointer; ; at = at.slice(0, at.lastIndexOf("/"))) {
      const resource = this.#resources.get(at);
      if (resource !== undefined) return resource;
      if (at === "") throw new SchemaError("schema-invalid", `${this.url} has no root`);
    }
  }

  resourceOf(url: string): Resource | undefined {
    if (url === this.url) return this.#resources.get("");
    return [...this.#resources.values()].find((resource) => resource.url === url);
  }

  /** Where the fragment of a reference into a resource leads. */
  resolve(resource: Resource, fragment: string): string {
    if (fragment === "" || fragment.startsWith("/")) return resource.pointer + fragment;
    const pointer = resource.anchors.get(fragment);
    if (pointer !== undefined) return pointer;
    throw new SchemaError(
      "reference-missing",
      `anchor in ${JSON.stringify(`${resource.url}#${fragment}`)} not found in schema ${JSON.stringify(this.url)}`,
    );
  }

  lookup(pointer: string): unknown {
    let value = this.root;
    for (const raw of pointer.split("/").slice(1)) {
      const token = raw.replaceAll("~1", "/").replaceAll("~0", "~");
      if (Array.isArray(value) && /^\d+$/u.test(token) && Number(token) < value.length) value = value[Number(token)];
      else if (isTable(value) && has(value, token)) value = value[token];
      else {
        throw new SchemaError(
          "reference-missing",
          `json-pointer in ${JSON.stringify(`${this.url}#${encodeURI(pointer)}`)} not found`,
        );
      }
    }
    return value;
  }

  /** Makes a place known that is no subschema by its keyword but is referred to as one. */
  ensure(pointer: string): void {
    if (this.#visited.has(pointer)) return;
    const owner = this.resourceAt(pointer);
    this.#collect(this.lookup(pointer), pointer, owner);
  }

  #collect(schema: unknown, pointer: string, base: { readonly url: string; readonly draft: Draft }): void {
    if (this.#visited.has(pointer)) return;
    this.#visited.add(pointer);
    if (!isTable(schema)) {
      if (pointer === "") this.#add("", base.url, base.draft);
      return;
    }
    const resource = this.#resourceFor(schema, pointer, base);
    this.#collectAnchors(schema, pointer, resource);
    const places = subschemaPlaces(resource.draft);
    for (const key of places.direct) this.#descend(schema, pointer, [key], resource);
    for (const key of places.entries) {
      const entries = has(schema, key) ? schema[key] : undefined;
      if (isTable(entries)) {
        for (const name of Object.keys(entries)) this.#descend(entries, `${pointer}/${key}`, [name], resource);
      }
    }
    for (const key of places.items) {
      const items = has(schema, key) ? schema[key] : undefined;
      if (Array.isArray(items)) {
        for (const [at, item] of items.entries()) this.#collect(item, `${pointer}/${key}/${at}`, resource);
      }
    }
  }

  #descend(owner: Table, pointer: string, [key]: readonly [string], resource: Resource): void {
    if (has(owner, key) && !Array.isArray(owner[key])) {
      this.#collect(owner[key], `${pointer}/${escapeToken(key)}`, resource);
    }
  }

  #resourceFor(schema: Table, pointer: string, base: { readonly url: string; readonly draft: Draft }): Resource {
    let draft = this.#draftOf(schema, base.draft);
    let id = idOf(schema, draft);
    if (id === "" && pointer !== "") {
      // Only a resource can change the draft.
      draft = base.draft;
      id = idOf(schema, draft);
    }
    if (id === "") return pointer === "" ? this.#add("", base.url, draft) : this.resourceAt(pointer);
    const url = resolveUrl(base.url, id);
    const present = this.resourceOf(url);
    if (present !== undefined && present.pointer !== pointer) {
      throw new SchemaError("schema-invalid", `duplicate id ${JSON.stringify(url)} in ${JSON.stringify(this.url)}`);
    }
    return this.#add(pointer, url, draft);
  }

  #add(pointer: string, url: string, draft: Draft): Resource {
    const resource: Resource = { pointer, url, draft, anchors: new Map(), dynamicAnchors: new Set() };
    this.#resources.set(pointer, resource);
    return resource;
  }

  #draftOf(schema: Table, fallback: Draft): Draft {
    const given = textAt(schema, "$schema");
    if (given === "") return fallback;
    const draft = draftOf(given);
    if (draft !== undefined) return draft;
    throw new SchemaError(
      "reference-missing",
      `failing loading ${JSON.stringify(given.split("#", 1)[0])}: schemas are not fetched; use one of the published drafts in $schema`,
    );
  }

  #collectAnchors(schema: Table, pointer: string, resource: Resource): void {
    const { draft } = resource;
    if (draft < 2019) {
      if (has(schema, "$ref")) return;
      const [, anchor = ""] = textAt(schema, draft === 4 ? "id" : "$id").split("#", 2);
      if (anchor !== "" && !anchor.startsWith("/")) resource.anchors.set(anchor, pointer);
      return;
    }
    const anchor = textAt(schema, "$anchor");
    if (anchor !== "") resource.anchors.set(anchor, pointer);
    const dynamic = draft >= 2020 ? textAt(schema, "$dynamicAnchor") : "";
    if (dynamic === "") return;
    resource.anchors.set(dynamic, pointer);
    resource.dynamicAnchors.add(dynamic);
  }
}

function idOf(schema: Table, draft: Draft): string {
  if (draft < 2019 && has(schema, "$ref")) return "";
  return textAt(schema, draft === 4 ? "id" : "$id").split("#", 1)[0] ?? "";
}

function textAt(schema: Table, key: string): string {
  const value = has(schema, key) ? schema[key] : undefined;
  return typeof value === "string" ? value : "";
}

/** The reference relative to the base, without its fragment. */
export function resolveUrl(base: string, reference: string): string {
  if (reference === "") return base;
  try {
    return new URL(reference, base).href;
  } catch (error) {
    if (error instanceof TypeError) {
      throw new SchemaError("schema-invalid", `error in parsing ${JSON.stringify(reference)}: not a URL`);
    }
    throw error;
  }
}
