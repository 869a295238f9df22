import type { ApiResponse } from "../api/api-exchange.ts";
import { apiVersionOf, ConversionError, ConversionNeeded, type Kind } from "../kinds/index.ts";
import type { KubeObject } from "../object/kube-object.ts";
import { StoreError, type StoreEvent, type StoredValue } from "../store/store.ts";
import { namespaceOf, type Call } from "./call.ts";
import { bookmarkMs, timerMsMax, watchQueueMax, watchSeconds } from "./limits.ts";
import { listWishOf, tooLargeVersion, type ListOptions } from "./list-options.ts";
import { readPage } from "./list.ts";
import { encodeWatchEvent, protobufType } from "../protobuf/index.ts";
import { formOfStream, type Form } from "./negotiate.ts";
import { decodeObject, isStoredAsAsked, keyOf, prefixOf, withVersion } from "./object-store.ts";
import { partialObject } from "./partial-metadata.ts";
import { selectedName, type Selection } from "./selectors.ts";
import type { ServerContext } from "./server-context.ts";
import { ApiError, expired, type Status } from "./status.ts";
import { tableOf } from "./table.ts";

/** GET with `watch=true`: what happens, line by line or message by message, until the client or the time says stop. */
export async function watch(context: ServerContext, call: Call): Promise<ApiResponse> {
  const wish = listWishOf(call.kind, call.request.query, "watch");
  const form = formOfStream(call);
  const stream = new WatchStream(context, call, { form, ...wish });
  const contentType = form.type === protobufType ? `${protobufType};stream=watch` : "application/json";
  return {
    kind: "stream",
    status: 200,
    headers: { "content-type": contentType, "cache-control": "no-cache, private" },
    chunks: stream.chunks(),
  };
}

interface WatchWish {
  readonly options: ListOptions;
  readonly form: Form;
  readonly selection: Selection;
}

type Fields = Readonly<Record<string, unknown>>;

class WatchStream {
  readonly #context: ServerContext;
  readonly #call: Call;
  readonly #wish: WatchWish;
  readonly #queue: (Buffer | string)[] = [];
  #wake: (() => void) | undefined;
  #isOver = false;
  #hasSentColumns = false;
  #revision: number;

  constructor(context: ServerContext, call: Call, wish: WatchWish) {
    this.#context = context;
    this.#call = call;
    this.#wish = wish;
    this.#revision = wish.options.resourceVersion ?? 0;
  }

  /** What happened and was not told yet, because an object has to be converted first. */
  readonly #untold: StoreEvent[] = [];
  #isConverting = false;

  async *chunks(): AsyncGenerator<Buffer | string> {
    const end = (): void => this.#end();
    const { signal } = this.#call.request;
    const { timeoutSeconds, allowWatchBookmarks } = this.#wish.options;
    const timeout = setTimeout(end, watchMs(timeoutSeconds));
    const bookmarks = allowWatchBookmarks ? setInterval(() => this.#bookmark(), bookmarkMs) : undefined;
    signal.addEventListener("abort", end, { once: true });
    const handle = await this.#converted(() => this.#begin());
    try {
      for (;;) {
        while (this.#queue.length > 0) yield joinedChunk(this.#queue.splice(0));
        if (this.#isOver || signal.aborted) return;
        await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    } finally {
      handle?.stop();
      clearTimeout(timeout);
      clearInterval(bookmarks);
      signal.removeEventListener("abort", end);
    }
  }

  /** Begins again when an object has to be converted first. */
  async #converted<T>(begin: () => T): Promise<T> {
    const revision = this.#revision;
    for (;;) {
      try {
        return begin();
      } catch (error) {
        if (!(error instanceof ConversionNeeded)) throw error;
        this.#queue.length = 0;
        this.#hasSentColumns = false;
        this.#revision = revision;
        await error.fetched;
      }
    }
  }

  /** In the order in which it happened. */
  #tellAll(events: readonly StoreEvent[]): void {
    this.#untold.push(...events);
    while (!this.#isConverting) {
      const [event] = this.#untold;
      if (event === undefined) break;
      try {
        this.#tell(event);
        this.#untold.shift();
      } catch (error) {
        if (error instanceof ConversionNeeded) void this.#tellLater(error.fetched);
        else if (error instanceof ConversionError) this.#fail(new ApiError(500, "", error.message).status);
        else throw error;
        break;
      }
    }
    this.#wake?.();
  }

  async #tellLater(fetched: Promise<void>): Promise<void> {
    this.#isConverting = true;
    await fetched;
    this.#isConverting = false;
    this.#tellAll([]);
  }

  /** What is there first, when the client asks for it or says no version; then what comes. */
  #begin(): { readonly stop: () => void } | undefined {
    const { store } = this.#context;
    const { options, selection } = this.#wish;
    if (this.#revision > store.revision) {
      this.#fail(tooLargeVersion(this.#revision, store.revision).status);
      return undefined;
    }
    const since = this.#call.kind.custom?.since ?? 0;
    if (this.#revision > 0 && this.#revision < since) {
      this.#tooOld(since);
      return undefined;
    }
    const isFromStart =
      options.sendInitialEvents === true || (options.sendInitialEvents === undefined && this.#revision === 0);
    if (isFromStart) {
      const page = readPage(store, this.#call, { ...options, limit: 0, continueFrom: undefined, match: "" }, selection);
      this.#revision = page.revision;
      for (const value of page.values) this.#send("ADDED", value);
    } else if (this.#revision === 0) this.#revision = store.revision;
    if (options.sendInitialEvents === true && options.allowWatchBookmarks)
      this.#bookmark({ "k8s.io/initial-events-end": "true" });
    return this.#watchFrom(this.#revision);
  }

  #watchFrom(revision: number): { readonly stop: () => void } | undefined {
    const { kind, request } = this.#call;
    const namespace = namespaceOf(this.#call);
    const name = selectedName(request.query);
    const prefix =
      name !== undefined && (namespace !== "" || !kind.namespaced)
        ? keyOf(kind, namespace, name)
        : prefixOf(kind, namespace);
    try {
      return this.#context.store.watch(prefix, revision, {
        onEvents: (events) => this.#tellAll(events),
        onEnd: (reason) => {
          if (reason === "compacted") this.#tooOld();
          this.#end();
        },
      });
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== "compacted") throw error;
      this.#tooOld();
      return undefined;
    }
  }

  #tooOld(oldest = this.#context.store.compacted): void {
    this.#fail(expired(`too old resource version: ${this.#revision} (${oldest})`).status);
  }

  /** A change may bring an object into the selection, or take it out. */
  #tell(event: StoreEvent): void {
    this.#revision = event.revision;
    const { selection } = this.#wish;
    const { kind } = this.#call;
    const wasMeant = event.previous !== undefined && (selection?.(decodedOnce(kind, event.previous)) ?? true);
    const next = event.value && { key: event.key, value: event.value, createdAt: 0, modifiedAt: event.revision };
    const isMeant = next !== undefined && (selection?.(decodedOnce(kind, next)) ?? true);
    if (isMeant) this.#send(wasMeant ? "MODIFIED" : "ADDED", next);
    else if (wasMeant && event.previous) this.#sendDeleted(event.previous, event.revision);
    if (this.#queue.length > watchQueueMax) this.#end();
  }

  #send(type: "ADDED" | "MODIFIED", value: StoredValue): void {
    const { kind } = this.#call;
    const { form } = this.#wish;
    if (form.as === "object" && isStoredAsAsked(kind)) {
      this.#queue.push(form.type === protobufType ? frameOf(type, kind, value) : lineOf(type, value));
      return;
    }
    this.#push(type, this.#shaped(decodeObject(kind, value)));
  }

  /** What left the selection is shown as it was before, under the version at which it left. */
  #sendDeleted(value: StoredValue, revision: number): void {
    this.#push("DELETED", this.#shaped(withVersion(decodeObject(this.#call.kind, value), revision)));
  }

  #shaped(object: KubeObject): Fields {
    const { form } = this.#wish;
    const { kind, request, now } = this.#call;
    if (form.as === "object") return { ...object };
    if (form.as !== "Table") return partialObject(object, form);
    const withoutColumns = this.#hasSentColumns;
    this.#hasSentColumns = true;
    const { resourceVersion } = object.metadata;
    return tableOf(kind, [object], { form, query: request.query, now, metadata: { resourceVersion }, withoutColumns });
  }

  #bookmark(annotations?: Readonly<Record<string, string>>): void {
    // Nothing before the store's own revision can come any more.
    const revision = Math.max(this.#revision, this.#queue.length === 0 ? this.#context.store.revision : this.#revision);
    const { kind } = this.#call;
    const object = emptyOf(kind, {
      resourceVersion: String(revision),
      ...(annotations ? { annotations } : {}),
    });
    this.#push("BOOKMARK", this.#wish.form.as === "object" ? object : this.#shaped(object as unknown as KubeObject));
    this.#wake?.();
  }

  #fail(status: Status): void {
    this.#push("ERROR", { ...status });
    this.#end();
  }

  #push(type: string, object: Fields): void {
    const isMessage = this.#wish.form.type === protobufType;
    this.#queue.push(isMessage ? encodeWatchEvent(type, object) : `${JSON.stringify({ type, object })}\n`);
  }

  #end(): void {
    this.#isOver = true;
    this.#wake?.();
  }
}

/** As long as the client asks for; somewhere between one and two times the usual when it doesn't care. */
function watchMs(timeoutSeconds = 0): number {
  if (timeoutSeconds === 0) return (1 + Math.random()) * watchSeconds * 1_000;
  return Math.min(Math.max(timeoutSeconds, 0) * 1_000, timerMsMax);
}

function emptyOf(kind: Kind, metadata: Fields): Fields {
  return { kind: kind.kind, apiVersion: apiVersionOf(kind), metadata };
}

const lines = new WeakMap<Buffer, { readonly type: string; readonly line: Buffer }>();

/** To be looked at by everybody who selects, and changed by nobody. */
const decoded = new WeakMap<Buffer, { readonly kind: Kind; readonly object: KubeObject }>();

function decodedOnce(kind: Kind, stored: StoredValue): KubeObject {
  const known = decoded.get(stored.value);
  if (known?.kind === kind) return known.object;
  const object = decodeObject(kind, stored);
  decoded.set(stored.value, { kind, object });
  return object;
}

/** All watchers of an event are told by the same bytes. */
function lineOf(type: string, { value }: StoredValue): Buffer {
  const known = lines.get(value);
  if (known?.type === type) return known.line;
  const line = Buffer.concat([Buffer.from(`{"type":"${type}","object":`), value, Buffer.from("}\n")]);
  lines.set(value, { type, line });
  return line;
}

const frames = new WeakMap<Buffer, { readonly type: string; readonly frame: Buffer }>();

/** The same in protocol buffers. */
function frameOf(type: string, kind: Kind, stored: StoredValue): Buffer {
  const known = frames.get(stored.value);
  if (known?.type === type) return known.frame;
  const frame = encodeWatchEvent(type, { ...decodeObject(kind, stored) });
  frames.set(stored.value, { type, frame });
  return frame;
}

function joinedChunk(parts: readonly (Buffer | string)[]): Buffer | string {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  return Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : part)));
}
