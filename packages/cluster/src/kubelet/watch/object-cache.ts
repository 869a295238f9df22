import type { KubeClient } from "@fairway/kube-client";
import type { KubeObject } from "../../object/kube-object.ts";
import { messageOf } from "../kubelet-error.ts";
import { retryBackOffMs } from "../limits.ts";
import { pause } from "../probes/probe-loop.ts";

export interface ObjectCacheOptions {
  readonly client: KubeClient;
  /** `/api/v1/pods` */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
  /** An object came, changed, or (with `undefined`) went. */
  readonly changed?: (key: string, object: KubeObject | undefined) => void;
}

/** A copy of what a list of the API server holds, kept up to date by a watch and begun anew whenever the watch can't go on. */
export class ObjectCache {
  readonly #options: ObjectCacheOptions;
  readonly #objects = new Map<string, KubeObject>();
  readonly #listed: Promise<void>;
  readonly #done: Promise<void>;
  #tellListed: () => void = () => undefined;

  constructor(options: ObjectCacheOptions) {
    this.#options = options;
    this.#listed = new Promise((resolve) => (this.#tellListed = resolve));
    this.#done = this.#run();
  }

  get(key: string): KubeObject | undefined {
    return this.#objects.get(key);
  }

  values(): KubeObject[] {
    return [...this.#objects.values()];
  }

  /** The first list is complete. */
  async ready(): Promise<void> {
    await this.#listed;
  }

  async closed(): Promise<void> {
    await this.#done;
  }

  async #run(): Promise<void> {
    const { signal, log, path } = this.#options;
    let waitMs = retryBackOffMs.first;
    while (!signal.aborted) {
      try {
        let version: string | undefined = await this.#list();
        waitMs = retryBackOffMs.first;
        while (!signal.aborted && version !== undefined) version = await this.#watch(version);
      } catch (error) {
        if (signal.aborted) return;
        log(`watching ${path}: ${messageOf(error)}`);
        await pause(waitMs, signal);
        waitMs = Math.min(waitMs * 2, retryBackOffMs.max);
      }
    }
  }

  async #list(): Promise<string> {
    const { client, path, query, signal } = this.#options;
    const answer = await client.request({ method: "GET", path, query: { ...query }, signal });
    if (answer.status !== 200) throw new Error(`the list was answered with ${answer.status}`);
    // A list of the API server's.
    const list = answer.body as {
      metadata: { resourceVersion: string };
      items?: KubeObject[];
      kind: string;
      apiVersion: string;
    };
    const fresh = new Map((list.items ?? []).map((item) => [keyOf(item), item]));
    for (const key of this.#objects.keys()) if (!fresh.has(key)) this.#set(key, undefined);
    for (const [key, object] of fresh) {
      const known = this.#objects.get(key);
      if (known?.metadata.resourceVersion !== object.metadata.resourceVersion) this.#set(key, object);
    }
    this.#tellListed();
    return list.metadata.resourceVersion;
  }

  /** Answers the version from which to watch on; undefined when the list has to be read again. */
  async #watch(from: string): Promise<string | undefined> {
    const { client, path, query, signal } = this.#options;
    let version = from;
    const options = { ...query, resourceVersion: version, allowWatchBookmarks: "true" };
    for await (const event of client.watch(path, options, signal)) {
      if (event.type === "ERROR") return undefined;
      // Events carry objects of the kind that is watched.
      const object = event.object as KubeObject;
      version = object.metadata.resourceVersion ?? version;
      if (event.type !== "BOOKMARK") this.#set(keyOf(object), event.type === "DELETED" ? undefined : object);
    }
    return version;
  }

  #set(key: string, object: KubeObject | undefined): void {
    if (object === undefined) this.#objects.delete(key);
    else this.#objects.set(key, object);
    this.#options.changed?.(key, object);
  }
}

export function keyOf(object: KubeObject): string {
  const { namespace = "", name = "" } = object.metadata;
  return `${namespace}/${name}`;
}
