import { isTable } from "../values/table.ts";
import { compileKeywords } from "./compile-keywords.ts";
import { latestDraft } from "./draft.ts";
import { SchemaDocument, resolveUrl } from "./document.ts";
import { escapeToken } from "./failure.ts";
import type { Pattern, Schema } from "./schema.ts";
import { SchemaError } from "./schema-error.ts";

export interface CompileOptions {
  /** Turns a pattern into a test; throws when it is none. */
  readonly compilePattern: (source: string) => (text: string) => boolean;
  /** The document that references may name by that URL, if it is known. Nothing is ever fetched. */
  readonly documentAt: (url: string) => unknown;
  /** Check formats in every draft; from 2019-09 on they are otherwise only said. */
  readonly assertFormats?: boolean;
  /** Checks a schema against the schema of its draft; throws a SchemaError. */
  readonly checkSchema?: (schema: unknown, at: Schema) => void;
}

/** Compiles the schemas of one run, each place once; everything that can be reached is compiled, so all faults show. */
export class Compiler {
  readonly #options: CompileOptions;
  readonly #documents = new Map<string, SchemaDocument>();
  readonly #schemas = new Map<string, Schema>();
  readonly #queue: { readonly schema: Schema; readonly document: SchemaDocument }[] = [];

  constructor(options: CompileOptions) {
    this.#options = options;
  }

  compile(url: string, root: unknown): Schema {
    const document = new SchemaDocument(url, root, latestDraft);
    this.#documents.set(url, document);
    const schema = this.schemaAt(document, "");
    this.#options.checkSchema?.(root, schema);
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      this.#fill(next.schema, next.document);
    }
    return schema;
  }

  /** The schema of a place, to be filled in later. */
  schemaAt(document: SchemaDocument, pointer: string): Schema {
    const key = `${document.url}#${pointer}`;
    const present = this.#schemas.get(key);
    if (present !== undefined) return present;
    document.ensure(pointer);
    const draft = document.resourceAt(pointer).draft;
    const schema: Schema = { location: `${document.url}#${encodeURI(pointer)}`, pointer, draft };
    this.#schemas.set(key, schema);
    this.#queue.push({ schema, document });
    return schema;
  }

  /** The schema that a reference found at a place leads to. */
  referred(document: SchemaDocument, from: string, reference: string): Schema {
    const hash = reference.indexOf("#");
    const target = hash === -1 ? reference : reference.slice(0, hash);
    const fragment = hash === -1 ? "" : decodeFragment(reference.slice(hash + 1));
    const url = resolveUrl(document.resourceAt(from).url, target);
    const local = document.resourceOf(url);
    if (local !== undefined) return this.schemaAt(document, document.resolve(local, fragment));
    const other = this.#documentOf(url);
    return this.schemaAt(other, other.resolve(other.resourceAt(""), fragment));
  }

  pattern(source: string, at: string): Pattern {
    try {
      return { source, test: this.#options.compilePattern(source) };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new SchemaError(
        "schema-invalid",
        `invalid regex ${JSON.stringify(source)} at ${JSON.stringify(at)}: ${reason}`,
      );
    }
  }

  #documentOf(url: string): SchemaDocument {
    const present = this.#documents.get(url);
    if (present !== undefined) return present;
    const root = this.#options.documentAt(url);
    if (root === undefined) {
      throw new SchemaError(
        "reference-missing",
        `failing loading ${JSON.stringify(url)}: remote schemas are not fetched; put the referenced schema into values.schema.json`,
      );
    }
    const document = new SchemaDocument(url, root, latestDraft);
    this.#documents.set(url, document);
    return document;
  }

  #fill(schema: Schema, document: SchemaDocument): void {
    const value = document.lookup(schema.pointer);
    const resource = document.resourceAt(schema.pointer);
    schema.resource = this.schemaAt(document, resource.pointer);
    if (schema.resource === schema && resource.dynamicAnchors.size > 0) {
      schema.dynamicAnchors = new Map(
        [...resource.dynamicAnchors].map((name) => [name, this.schemaAt(document, resource.anchors.get(name) ?? "")]),
      );
    }
    if (typeof value === "boolean") schema.bool = value;
    else if (!isTable(value)) return;
    else if (Object.keys(value).length === 0) schema.bool = true;
    else {
      compileKeywords(schema, value, {
        assertFormats: this.#options.assertFormats === true,
        isPattern: this.#options.compilePattern,
        at: (...tokens) =>
          this.schemaAt(document, schema.pointer + tokens.map((token) => `/${escapeToken(token)}`).join("")),
        refer: (reference) => this.referred(document, schema.pointer, reference),
        pattern: (source, keyword) => this.pattern(source, `${schema.location}/${keyword}`),
      });
    }
  }
}

function decodeFragment(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch (error) {
    if (error instanceof URIError)
      throw new SchemaError("schema-invalid", `error in parsing ${JSON.stringify(fragment)}`);
    throw error;
  }
}
