import type { ApiResponse } from "../api/api-exchange.ts";
import { apiVersionOf, type Kind } from "../kinds/index.ts";
import type { KubeObject } from "../object/kube-object.ts";
import type { Range, Store, StoredValue } from "../store/store.ts";
import { StoreError } from "../store/store.ts";
import { namespaceOf, type Call } from "./call.ts";
import { isCached } from "./cached-kinds.ts";
import { encodeContinue } from "./continue-token.ts";
import { listWishOf, tooLargeVersion, type ListOptions } from "./list-options.ts";
import { formOfCall, notOfShape, type Form } from "./negotiate.ts";
import { decodeObject, headOf, isStoredAsAsked, keyOf, prefixOf } from "./object-store.ts";
import { partialObject } from "./partial-metadata.ts";
import { answerText, answerValue, isPlain } from "./respond.ts";
import { selectedName, type Selection } from "./selectors.ts";
import type { ServerContext } from "./server-context.ts";
import { expired } from "./status.ts";
import { tableOf } from "./table.ts";

/** GET of a collection. */
export async function list(context: ServerContext, call: Call): Promise<ApiResponse> {
  const { request, kind } = call;
  const { options, selection } = listWishOf(kind, request.query, "list");
  const form = formOfCall(call);
  const page = readPage(context.store, call, asAnswered(kind, options), selection);
  const metadata = {
    resourceVersion: String(page.revision),
    ...(kind.custom && form.as === "object" ? { continue: "" } : {}),
    ...(page.next === undefined ? {} : { continue: encodeContinue({ revision: page.revision, start: page.next }) }),
    ...(page.next === undefined || selection ? {} : { remainingItemCount: page.remaining }),
  };
  return answerValues(call, page.values, metadata);
}

/** Whatever a cache has comes whole; a page of a version without a word on how it is meant is of exactly that version. */
function asAnswered(kind: Kind, options: ListOptions): ListOptions {
  const { limit, resourceVersion, match, continueFrom } = options;
  if (limit <= 0 || resourceVersion === undefined || continueFrom !== undefined) return options;
  if (resourceVersion === 0) return isCached(kind) ? { ...options, limit: 0 } : options;
  return match === "" ? { ...options, match: "Exact" } : options;
}

/** Stored objects of one kind in the form that the client asked for. */
export function answerValues(
  call: Call,
  values: readonly StoredValue[],
  metadata: Readonly<Record<string, unknown>>,
): ApiResponse {
  const { kind, warnings } = call;
  const form = formOfCall(call);
  if (isPlain(form) && isStoredAsAsked(kind))
    return answerText(joined(kind, values, metadata), { status: 200, type: form.contentType, warnings });
  const objects = values.map((value) => decodeObject(kind, value));
  return answerList(call, objects, metadata);
}

/** Objects of one kind in the form that the client asked for. */
export function answerList(
  call: Call,
  objects: readonly KubeObject[],
  metadata: Readonly<Record<string, unknown>>,
): ApiResponse {
  const form = formOfCall(call);
  return answerValue(shaped(call, objects, { form, metadata }), { status: 200, form, warnings: call.warnings });
}

function shaped(
  call: Call,
  objects: readonly KubeObject[],
  { form, metadata }: { readonly form: Form; readonly metadata: Readonly<Record<string, unknown>> },
): unknown {
  const { kind, request, now } = call;
  switch (form.as) {
    case "Table":
      return tableOf(kind, objects, { form, query: request.query, now, metadata });
    case "PartialObjectMetadata":
      throw notOfShape(form, kind);
    case "PartialObjectMetadataList":
      return {
        kind: "PartialObjectMetadataList",
        apiVersion: `meta.k8s.io/${form.version}`,
        metadata,
        items: objects.map((each) => partialObject(each, form)),
      };
    default:
      return {
        kind: kind.listKind ?? `${kind.kind}List`,
        apiVersion: apiVersionOf(kind),
        metadata,
        items: objects.map((each) => listed(kind, each)),
      };
  }
}

/** Items of built-in kinds don't repeat what they are. */
function listed(kind: Kind, object: KubeObject): unknown {
  if (kind.schema.custom === true) return object;
  const { kind: _, apiVersion: __, ...rest } = object;
  return rest;
}

/** The stored bytes one after the other; nothing is parsed. */
function joined(kind: Kind, values: readonly StoredValue[], metadata: Readonly<Record<string, unknown>>): Buffer {
  const cut = kind.schema.custom === true ? 0 : headOf(kind).length - 1;
  const parts: Buffer[] = [
    Buffer.from(
      `{"kind":"${kind.listKind ?? `${kind.kind}List`}","apiVersion":"${apiVersionOf(kind)}","metadata":${JSON.stringify(metadata)},"items":[`,
    ),
  ];
  const opening = Buffer.from("{");
  const comma = Buffer.from(",");
  for (const [index, { value }] of values.entries()) {
    if (index > 0) parts.push(comma);
    if (cut === 0) parts.push(value);
    else parts.push(opening, value.subarray(cut + 1));
  }
  parts.push(Buffer.from("]}\n"));
  return Buffer.concat(parts);
}

export interface Page {
  readonly revision: number;
  readonly values: readonly StoredValue[];
  /** The name (and namespace) that the next page begins with. */
  readonly next: string | undefined;
  readonly remaining: number;
}

export function readPage(store: Store, call: Call, options: ListOptions, selection: Selection): Page {
  const { kind } = call;
  const name = selectedName(call.request.query);
  const namespace = namespaceOf(call);
  if (options.resourceVersion !== undefined && options.resourceVersion > store.revision)
    throw tooLargeVersion(options.resourceVersion, store.revision, isCached(kind));
  if (name !== undefined && (namespace !== "" || !kind.namespaced) && options.match !== "Exact") {
    const value = store.get(keyOf(kind, namespace, name));
    const isMeant = value !== undefined && (selection?.(decodeObject(kind, value)) ?? true);
    return { revision: store.revision, values: isMeant ? [value] : [], next: undefined, remaining: 0 };
  }
  const prefix = prefixOf(kind, namespace);
  const revision = options.continueFrom?.revision ?? (options.match === "Exact" ? options.resourceVersion : undefined);
  const range = (startAt: string, limit: number | undefined): Range =>
    readRange(
      store,
      { prefix, startAt, ...(limit === undefined ? {} : { limit }), ...(revision === undefined ? {} : { revision }) },
      options,
    );
  const start = prefix + (options.continueFrom?.start ?? "");
  const limit = options.limit > 0 ? options.limit : undefined;
  const page = selection ? selectedPage(kind, selection, { range, start, limit }) : range(start, limit);
  return { ...page, next: page.next?.slice(prefix.length) };
}

interface Selecting {
  readonly range: (startAt: string, limit: number | undefined) => Range;
  readonly start: string;
  readonly limit: number | undefined;
}

/** Reads on until the page is full of what is selected. */
function selectedPage(
  kind: Kind,
  selection: (object: KubeObject) => boolean,
  { range, start, limit }: Selecting,
): Page {
  const chosen: StoredValue[] = [];
  for (let from: string | undefined = start, revision = 0; ;) {
    const { values, next, ...rest }: Range = range(from, limit);
    revision ||= rest.revision;
    for (const [index, value] of values.entries()) {
      if (limit !== undefined && chosen.length >= limit)
        return { revision, values: chosen, next: value.key, remaining: values.length - index };
      if (selection(decodeObject(kind, value))) chosen.push(value);
    }
    if (next === undefined || (limit !== undefined && chosen.length >= limit))
      return { revision, values: chosen, next, remaining: 0 };
    from = next;
  }
}

function readRange(store: Store, query: Parameters<Store["range"]>[0], { continueFrom, match }: ListOptions): Range {
  try {
    return store.range(query);
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== "compacted") throw error;
    if (match === "Exact") throw expired(`The resourceVersion for the provided list is too old.`);
    throw expired(
      "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.",
      { continue: encodeContinue({ revision: undefined, start: continueFrom?.start ?? "" }) },
    );
  }
}
