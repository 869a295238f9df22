import { createHash } from "node:crypto";
import type { ApiRequest, ApiResponse } from "../api/api-exchange.ts";
import type { Kind, KindRegistry } from "../kinds/index.ts";
import type { JsonObject } from "../object/json-value.ts";
import type { SchemaLibrary } from "../schema/schema.ts";
import { documentsV3, wholeDocumentV2, type NamedDocument } from "./open-api-documents.ts";
import { isMetBy, wishesOf } from "../apiserver/accept-header.ts";
import { wireDocument, wireDocumentV3 } from "./wire-document.ts";

export interface OpenApiOptions {
  readonly kinds: KindRegistry;
  readonly library: SchemaLibrary;
  readonly now: () => Date;
}

export type OpenApi = (request: ApiRequest, path: string) => ApiResponse | undefined;

interface Written {
  readonly body: Buffer;
  /** The same in Protocol Buffers, made when it is first asked for. */
  readonly wire: () => Buffer;
  readonly hash: string;
  readonly modified: string;
}

const cacheControl = "no-cache, private";
const wholeVary = "Accept-Encoding, Accept";

/** `/openapi/v2`, `/openapi/v3` and the documents below it: written when they are first asked for, and again after kinds have come or gone. */
export function createOpenApi(options: OpenApiOptions): OpenApi {
  const documents = new Documents(options);
  return (request, path) => {
    if (path === "/openapi/v2") return wholeAnswer(request, documents);
    if (path === "/openapi/v3") return indexAnswer(documents.index());
    if (!path.startsWith("/openapi/v3/")) return undefined;
    const name = path.slice("/openapi/v3/".length);
    const document = documents.v3(name);
    if (!document) return { kind: "whole", status: 404, headers: { "cache-control": cacheControl }, body: "" };
    return hashedAnswer(request, { path, document, now: options.now() });
  };
}

type Version = "v2" | "v3";

function wireTypeOf(version: Version): string {
  return `application/com.github.proto-openapi.spec.${version}.v1.0+protobuf`;
}

/** Client-go asks for version 2 in Protocol Buffers and for nothing else. Undefined: for none of what there is. */
function formWished({ headers }: ApiRequest, version: Version): "json" | "wire" | undefined {
  const { accept = "" } = headers;
  if (accept === "") return "json";
  const wireType = wireTypeOf(version);
  // Written so by clients of old.
  const oldType = wireType.replace(`${version}.`, `${version}@`);
  for (const wish of wishesOf(accept)) {
    if (isMetBy(wish, "application/json")) return "json";
    if (wish.type === wireType || wish.type === oldType) return "wire";
  }
  return undefined;
}

function wholeAnswer(request: ApiRequest, documents: Documents): ApiResponse {
  return documentAnswer(request, documents.v2(), { version: "v2", vary: wholeVary });
}

interface Hashed {
  readonly path: string;
  readonly document: Written;
  readonly now: Date;
}

/** Under its hash a document never changes; under another one it is not this document. */
function hashedAnswer(request: ApiRequest, { path, document, now }: Hashed): ApiResponse {
  const hash = request.query.get("hash");
  const answered = { version: "v3", vary: "Accept" } as const;
  if (hash === null) return documentAnswer(request, document, answered);
  if (hash !== document.hash) {
    const headers = { "cache-control": cacheControl, location: `${path}?hash=${document.hash}`, vary: "Accept" };
    return { kind: "whole", status: 301, headers, body: "" };
  }
  const answer = documentAnswer(request, document, answered);
  if (answer.kind !== "whole") return answer;
  const expires = new Date(now);
  expires.setUTCFullYear(expires.getUTCFullYear() + 1);
  const forever = { "cache-control": "public, immutable", expires: expires.toUTCString().replace("GMT", "UTC") };
  return { ...answer, headers: { ...answer.headers, ...forever } };
}

function documentAnswer(
  request: ApiRequest,
  document: Written,
  { version, vary }: { readonly version: Version; readonly vary: string },
): ApiResponse {
  switch (formWished(request, version)) {
    case "json":
      return knownOr(request, document, { type: "application/json", vary, body: () => document.body });
    case "wire":
      return knownOr(request, document, { type: wireTypeOf(version), vary, body: () => document.wire() });
    default:
      return { kind: "whole", status: 406, headers: { "cache-control": cacheControl, vary }, body: "" };
  }
}

interface Representation {
  readonly type: string;
  readonly vary: string;
  readonly body: () => Buffer;
}

/** Nothing is sent to those who have it. */
function knownOr(request: ApiRequest, { hash, modified }: Written, { type, vary, body }: Representation): ApiResponse {
  const common = { "cache-control": cacheControl, vary, etag: `"${hash}"` };
  if (request.headers["if-none-match"] === common.etag)
    return { kind: "whole", status: 304, headers: common, body: "" };
  const headers = { ...common, "accept-ranges": "bytes", "content-type": type, "last-modified": modified };
  return { kind: "whole", status: 200, headers, body: body() };
}

function indexAnswer({ body, modified }: Written): ApiResponse {
  const headers = {
    "accept-ranges": "bytes",
    "cache-control": cacheControl,
    "content-type": "text/plain; charset=utf-8",
    "last-modified": modified,
  };
  return { kind: "whole", status: 200, headers, body };
}

/** Of version 3 only the documents whose kinds have changed are written again. */
class Documents {
  readonly #options: OpenApiOptions;
  readonly #written = new Map<string, { readonly kinds: readonly Kind[]; readonly written: Written }>();
  #seen: readonly Kind[] | undefined;
  #named: ReadonlyMap<string, NamedDocument> = new Map();
  #index: Written | undefined;
  #v2: Written | undefined;

  constructor(options: OpenApiOptions) {
    this.#options = options;
  }

  v2(): Written {
    this.#refresh();
    const { kinds, library } = this.#options;
    return (this.#v2 ??= this.#write(wholeDocumentV2(kinds.all(), library), wireDocument));
  }

  v3(name: string): Written | undefined {
    this.#refresh();
    const document = this.#named.get(name);
    if (!document) return undefined;
    const known = this.#written.get(name);
    if (known && isSame(known.kinds, document.kinds)) return known.written;
    const written = this.#write(document.make(), wireDocumentV3);
    this.#written.set(name, { kinds: document.kinds, written });
    return written;
  }

  index(): Written {
    this.#refresh();
    return (this.#index ??= this.#write({ paths: Object.fromEntries(this.#addresses()) }, unwritten));
  }

  *#addresses(): Generator<readonly [string, JsonObject]> {
    for (const name of this.#named.keys()) {
      const hash = this.v3(name)?.hash ?? "";
      yield [name, { serverRelativeURL: `/openapi/v3/${name}?hash=${hash}` }];
    }
  }

  #refresh(): void {
    const { kinds, library } = this.#options;
    const all = kinds.all();
    if (all === this.#seen) return;
    this.#seen = all;
    this.#named = documentsV3(all, library);
    for (const name of this.#written.keys()) if (!this.#named.has(name)) this.#written.delete(name);
    this.#index = undefined;
    this.#v2 = undefined;
  }

  #write(document: JsonObject, encode: (document: JsonObject) => Buffer): Written {
    const body = Buffer.from(JSON.stringify(document));
    const hash = createHash("sha512").update(body).digest("hex").toUpperCase();
    let wire: Buffer | undefined;
    return {
      body,
      wire: () => (wire ??= encode(JSON.parse(body.toString("utf8")) as JsonObject)),
      hash,
      modified: this.#options.now().toUTCString(),
    };
  }
}

/** The index has one form alone. */
function unwritten(): Buffer {
  return Buffer.alloc(0);
}

function isSame(left: readonly Kind[], right: readonly Kind[]): boolean {
  return left.length === right.length && left.every((kind, index) => kind === right[index]);
}
