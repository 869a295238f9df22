import type { KubeClient, KubeWatchEvent } from "../kube-client.ts";
import { KubeError, failureOf, statusOf } from "../kube-error.ts";
import { reconnectPace, shortWatchMs, watchSecondsMax, watchSecondsMin } from "../limits.ts";
import type { KubeObject } from "../objects/kube-object.ts";
import { backOffMs, systemClock } from "../objects/pace.ts";
import type { Clock } from "../objects/pace.ts";
import { listPages } from "./list-pages.ts";

export type ObjectChange<T extends KubeObject = KubeObject> =
  | { readonly type: "added"; readonly object: T }
  | { readonly type: "updated"; readonly object: T; readonly previous: T }
  /** `object` is the last that was known of it. */
  | { readonly type: "deleted"; readonly object: T };

export interface WatchOptions<T extends KubeObject = KubeObject> {
  /** `/api/v1/pods`, `/apis/networking.k8s.io/v1/namespaces/shop-dev/ingresses`: see `resourcePath`. */
  readonly path: string;
  /** `labelSelector`, `fieldSelector` */
  readonly query?: Readonly<Record<string, string>>;
  readonly onChange?: (change: ObjectChange<T>) => void;
  /** Told when the connection can't be made or was refused; it is tried again all the same. */
  readonly onTrouble?: (error: unknown) => void;
  /** A kind that is not served counts as having no objects, and is asked for again. */
  readonly mayBeMissing?: boolean;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  readonly random?: () => number;
}

/** The objects under a path, kept as they are on the server. */
export interface ObjectWatch<T extends KubeObject = KubeObject> {
  /** Resolves when the first list is in; rejects when it ended before. */
  readonly ready: Promise<void>;
  readonly get: (namespace: string | undefined, name: string) => T | undefined;
  readonly list: () => readonly T[];
  /** Ends it and waits until it has ended. */
  readonly close: () => Promise<void>;
}

/** Lists, then follows the changes; after anything that goes wrong it goes on where it was, or lists again when that is too long ago. */
export function watchObjects<T extends KubeObject = KubeObject>(
  client: KubeClient,
  options: WatchOptions<T>,
): ObjectWatch<T> {
  const stop = new AbortController();
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal]);
  const follower = new Follower<T>(client, options, signal);
  const running = follower.run();
  return {
    ready: follower.ready,
    get: (namespace, name) => follower.objects.get(keyOf(namespace, name)),
    list: () => [...follower.objects.values()],
    close: async () => {
      stop.abort();
      await running;
    },
  };
}

class Follower<T extends KubeObject> {
  readonly objects = new Map<string, T>();
  readonly #client: KubeClient;
  readonly #options: WatchOptions<T>;
  readonly #signal: AbortSignal;
  readonly #synced = Promise.withResolvers<void>();
  #resourceVersion = "";
  #failures = 0;

  constructor(client: KubeClient, options: WatchOptions<T>, signal: AbortSignal) {
    this.#client = client;
    this.#options = options;
    this.#signal = signal;
    // Whoever does not ask for it must not be told by the process ending.
    this.#synced.promise.catch(() => undefined);
  }

  get ready(): Promise<void> {
    return this.#synced.promise;
  }

  async run(): Promise<void> {
    const { clock = systemClock, random } = this.#options;
    while (!this.#signal.aborted) {
      try {
        if (this.#resourceVersion === "") await this.#fill();
        await this.#follow();
      } catch (error) {
        if (!this.#signal.aborted) this.#meet(error);
      }
      if (this.#failures === 0) continue;
      await clock.pause(backOffMs(this.#failures, reconnectPace, random), this.#signal).catch(() => undefined);
    }
    this.#synced.reject(new KubeError("unreachable", `the watch of ${this.#options.path} ended before its first list`));
  }

  #meet(error: unknown): void {
    this.#failures += 1;
    if (error instanceof KubeError && error.code === "gone") {
      this.#resourceVersion = "";
      return;
    }
    if (this.#options.mayBeMissing === true && error instanceof KubeError && error.code === "not-found") {
      this.#resourceVersion = "";
      this.#replace([]);
      this.#synced.resolve();
      return;
    }
    this.#options.onTrouble?.(error);
  }

  async #fill(): Promise<void> {
    const { path, query = {} } = this.#options;
    const listed = await listPages(this.#client, path, { query, signal: this.#signal });
    this.#replace(listed.objects as readonly T[]);
    this.#resourceVersion = listed.resourceVersion;
    this.#synced.resolve();
  }

  #replace(objects: readonly T[]): void {
    const seen = new Set<string>();
    for (const object of objects) seen.add(this.#put(object));
    for (const [key, object] of this.objects) {
      if (seen.has(key)) continue;
      this.objects.delete(key);
      this.#tell({ type: "deleted", object });
    }
  }

  async #follow(): Promise<void> {
    const { path, query, random = Math.random, clock = systemClock } = this.#options;
    const asked = {
      ...query,
      resourceVersion: this.#resourceVersion,
      allowWatchBookmarks: "true",
      timeoutSeconds: String(watchSecondsMin + Math.floor(random() * (watchSecondsMax - watchSecondsMin))),
    };
    const began = clock.now();
    for await (const event of this.#client.watch(path, asked, this.#signal)) {
      this.#take(event);
      this.#failures = 0;
    }
    // A server that ends each watch at once is not asked as fast as it can answer.
    this.#failures = clock.now() - began < shortWatchMs ? this.#failures + 1 : 0;
  }

  #take(event: KubeWatchEvent): void {
    if (event.type === "ERROR") {
      const { code = 500 } = event.object as { code?: number };
      throw failureOf({ method: "GET", path: this.#options.path }, { status: code, body: statusOf(event.object) });
    }
    const object = event.object as T;
    if (event.type === "DELETED") {
      const { namespace, name = "" } = object.metadata;
      if (this.objects.delete(keyOf(namespace, name))) this.#tell({ type: "deleted", object });
    } else if (event.type !== "BOOKMARK") {
      this.#put(object);
    }
    this.#resourceVersion = object.metadata.resourceVersion ?? this.#resourceVersion;
  }

  #put(object: T): string {
    const { namespace, name = "", uid, resourceVersion } = object.metadata;
    const key = keyOf(namespace, name);
    const previous = this.objects.get(key);
    if (previous?.metadata.resourceVersion === resourceVersion && previous?.metadata.uid === uid) return key;
    this.objects.set(key, object);
    if (previous === undefined) {
      this.#tell({ type: "added", object });
    } else if (previous.metadata.uid === uid) {
      this.#tell({ type: "updated", object, previous });
    } else {
      // Deleted and made anew while nobody looked.
      this.#tell({ type: "deleted", object: previous });
      this.#tell({ type: "added", object });
    }
    return key;
  }

  #tell(change: ObjectChange<T>): void {
    this.#options.onChange?.(change);
  }
}

function keyOf(namespace: string | undefined, name: string): string {
  return `${namespace ?? ""}/${name}`;
}
