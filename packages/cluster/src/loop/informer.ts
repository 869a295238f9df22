import type { KubeClient, KubeWatchEvent } from "@fairway/kube-client";
import type { KubeObject, ObjectMeta } from "../object/kube-object.ts";
import { ApiError } from "./api-error.ts";
import { pause } from "./clock.ts";
import type { Clock } from "./clock.ts";
import {
  listPageObjects,
  reconnectMsMax,
  reconnectMsMin,
  tombstoneMs,
  tombstonesMax,
  watchSecondsMax,
  watchSecondsMin,
} from "./limits.ts";
import { ObjectCache } from "./object-cache.ts";
import { keyOf, objectKey } from "./object-key.ts";
import { apiVersionOf, pathOf } from "./resource.ts";
import type { Resource } from "./resource.ts";

export interface Change<T extends KubeObject> {
  readonly type: "added" | "updated" | "deleted";
  readonly object: T;
  /** Of an update: what was known before. */
  readonly previous?: T;
}

export interface InformerOptions {
  readonly client: KubeClient;
  readonly resource: Resource;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: (message: string) => void;
  readonly query?: Readonly<Record<string, string>>;
  /** What is kept of an object; the fields that tell who manages what are never kept. */
  readonly keep?: (object: KubeObject) => KubeObject;
}

/**
 * The objects of a resource, kept up to date by list and watch. Answers to own writes are put in at once (`observe`), so that a
 * controller always sees at least what it did itself; what the watch tells later is older or the same and changes nothing.
 */
export class Informer<T extends KubeObject = KubeObject> {
  readonly resource: Resource;
  private readonly options: InformerOptions;
  private readonly cache = new ObjectCache<T>();
  private readonly listeners: ((change: Change<T>) => void)[] = [];
  private readonly gone = new Map<string, number>();
  private readonly synced = Promise.withResolvers<void>();
  private isSynced = false;
  private running: Promise<void> | undefined;
  private resourceVersion = "";
  private failures = 0;

  constructor(options: InformerOptions) {
    this.options = options;
    this.resource = options.resource;
  }

  /** Resolves when the first list is in. */
  get ready(): Promise<void> {
    return this.synced.promise;
  }

  get isRunning(): boolean {
    return this.running !== undefined;
  }

  get hasSynced(): boolean {
    return this.isSynced;
  }

  get size(): number {
    return this.cache.size;
  }

  get(namespace: string | undefined, name: string): T | undefined {
    return this.cache.get(objectKey(namespace, name));
  }

  byKey(key: string): T | undefined {
    return this.cache.get(key);
  }

  list(namespace?: string): T[] {
    return namespace === undefined ? this.cache.all() : this.cache.find("namespace", namespace);
  }

  /** The objects that this owner controls. */
  ownedBy(uid: string | undefined): T[] {
    return uid === undefined ? [] : this.cache.find("owner", uid);
  }

  /** The objects of a namespace that nobody controls. */
  orphansIn(namespace: string | undefined): T[] {
    return this.cache.find("orphans", namespace ?? "");
  }

  addIndex(name: string, valuesOf: (object: T) => readonly string[]): void {
    this.cache.addIndex(name, valuesOf);
  }

  find(index: string, value: string): T[] {
    return this.cache.find(index, value);
  }

  /** How many `find` would answer. */
  count(index: string, value: string): number {
    return this.cache.count(index, value);
  }

  /** Who comes late is told first of all that is there. */
  onChange(listener: (change: Change<T>) => void): void {
    for (const object of this.cache.all()) listener({ type: "added", object });
    this.listeners.push(listener);
  }

  /** Begins, once; ends with the signal. */
  start(signal: AbortSignal): Promise<void> {
    this.running ??= this.run(signal);
    return this.running;
  }

  /** Puts in what the server answered to a write. */
  observe(object: T): void {
    if (!this.isSynced) return;
    this.put(object);
  }

  /** Takes out what the server said it deleted. */
  forget(object: {
    readonly metadata: { readonly namespace?: string; readonly name?: string; readonly uid?: string };
  }): void {
    if (!this.isSynced) return;
    const key = keyOf(object);
    const known = this.cache.get(key);
    const uid = object.metadata.uid ?? known?.metadata.uid;
    if (uid !== undefined) this.remember(uid);
    if (known !== undefined && known.metadata.uid === uid) this.remove(key);
  }

  private async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        if (this.resourceVersion === "") await this.fill(signal);
        await this.follow(signal);
      } catch (error) {
        if (signal.aborted) break;
        this.meet(error);
      }
      if (this.failures > 0) await pause(this.options.clock, this.reconnectMs(), signal);
    }
    this.synced.resolve();
  }

  private meet(error: unknown): void {
    if (error instanceof ApiError && error.code === "gone") {
      this.resourceVersion = "";
      return;
    }
    this.failures += 1;
    // A resource that is not served (yet) holds nobody up: it counts as empty and is asked for again.
    if (error instanceof ApiError && error.code === "not-found") this.markSynced();
    if (this.failures > 1)
      this.options.log(`${this.resource.plural}: ${error instanceof Error ? error.message : String(error)}`);
  }

  private reconnectMs(): number {
    return Math.min(reconnectMsMax, reconnectMsMin * 2 ** (this.failures - 1)) * (0.5 + this.options.random() / 2);
  }

  private async fill(signal: AbortSignal): Promise<void> {
    const found = new Map<string, T>();
    let next: string | undefined;
    let version = "";
    do {
      const query: Record<string, string> = { ...this.options.query, limit: String(listPageObjects) };
      if (next !== undefined) query["continue"] = next;
      const path = pathOf(this.resource);
      const answer = await this.options.client.request({ method: "GET", path, query, signal });
      if (answer.status !== 200) throw new ApiError(`GET ${path}`, answer.status, answer.body);
      const page = answer.body as { metadata?: { continue?: string; resourceVersion?: string }; items?: T[] };
      for (const item of page.items ?? []) {
        const object = this.prepare(item);
        found.set(keyOf(object), object);
      }
      version = page.metadata?.resourceVersion ?? "";
      next = page.metadata?.continue === "" ? undefined : page.metadata?.continue;
    } while (next !== undefined);
    this.replace(found, Number(version));
    this.resourceVersion = version;
    this.markSynced();
  }

  /** What was listed replaces what was known, except for what we wrote ourselves after the list was made. */
  private replace(found: Map<string, T>, version: number): void {
    for (const object of found.values()) this.put(object);
    for (const key of this.cache.keys()) {
      if (found.has(key)) continue;
      const known = this.cache.get(key);
      if (known !== undefined && versionOf(known) <= version) this.remove(key);
    }
  }

  private markSynced(): void {
    this.isSynced = true;
    this.synced.resolve();
  }

  private async follow(signal: AbortSignal): Promise<void> {
    const seconds = watchSecondsMin + Math.floor(this.options.random() * (watchSecondsMax - watchSecondsMin));
    const query = {
      ...this.options.query,
      resourceVersion: this.resourceVersion,
      allowWatchBookmarks: "true",
      timeoutSeconds: String(seconds),
    };
    for await (const event of this.options.client.watch(pathOf(this.resource), query, signal)) {
      this.failures = 0;
      this.take(event);
    }
  }

  private take(event: KubeWatchEvent): void {
    if (event.type === "ERROR") {
      const status = event.object as { code?: number };
      throw new ApiError(`watch ${this.resource.plural}`, status.code ?? 500, event.object);
    }
    const metadata = (event.object as { metadata: ObjectMeta }).metadata;
    if (event.type === "BOOKMARK") {
      this.resourceVersion = metadata.resourceVersion ?? this.resourceVersion;
      return;
    }
    const object = this.prepare(event.object as T);
    if (event.type === "DELETED") {
      const key = keyOf(object);
      // An answer to a write that was made before may come after this.
      this.remember(object.metadata.uid ?? "");
      if (this.cache.get(key)?.metadata.uid === object.metadata.uid) this.remove(key, object);
    } else {
      this.put(object);
    }
    this.resourceVersion = object.metadata.resourceVersion ?? this.resourceVersion;
  }

  private prepare(object: T): T {
    const { managedFields: _, ...metadata } = object.metadata;
    const { resource, keep } = this.options;
    // Items of a list come without their kind.
    const lean = { ...object, apiVersion: apiVersionOf(resource), kind: resource.kind, metadata } as T;
    return keep === undefined ? lean : (keep(lean) as T);
  }

  private put(given: T): void {
    if (this.gone.has(given.metadata.uid ?? "")) return;
    const object = given.metadata.managedFields === undefined ? given : this.prepare(given);
    const key = keyOf(object);
    const known = this.cache.get(key);
    if (known !== undefined && versionOf(known) >= versionOf(object)) return;
    this.cache.put(key, object);
    if (known !== undefined && known.metadata.uid !== object.metadata.uid) {
      this.tell({ type: "deleted", object: known });
      this.tell({ type: "added", object });
    } else if (known === undefined) {
      this.tell({ type: "added", object });
    } else {
      this.tell({ type: "updated", object, previous: known });
    }
  }

  private remove(key: string, last?: T): void {
    const known = this.cache.delete(key);
    if (known !== undefined) this.tell({ type: "deleted", object: last ?? known });
  }

  private tell(change: Change<T>): void {
    for (const listener of this.listeners) listener(change);
  }

  private remember(uid: string): void {
    const now = this.options.clock.now();
    for (const [old, until] of this.gone) {
      if (until > now && this.gone.size < tombstonesMax) break;
      this.gone.delete(old);
    }
    this.gone.set(uid, now + tombstoneMs);
  }
}

/** Versions of one server are numbers that grow; so Kubernetes promises since 1.35. */
function versionOf(object: KubeObject): number {
  return Number(object.metadata.resourceVersion ?? "0");
}
