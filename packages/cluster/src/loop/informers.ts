import type { KubeClient } from "@fairway/kube-client";
import type { KubeObject } from "../object/kube-object.ts";
import type { Named, WriteListener } from "./api.ts";
import type { Clock } from "./clock.ts";
import { Informer } from "./informer.ts";
import { resourceKey } from "./resource.ts";
import type { Resource } from "./resource.ts";

export interface InformersOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: (message: string) => void;
  readonly signal: AbortSignal;
}

/** One cache for each resource, shared by all who ask for it. */
export class Informers implements WriteListener {
  private readonly options: InformersOptions;
  private readonly informers = new Map<string, Informer>();
  private readonly running = new Set<Promise<void>>();
  private started = false;

  constructor(options: InformersOptions) {
    this.options = options;
  }

  /** The type is what the resource's objects look like. */
  of<T extends KubeObject>(resource: Resource, keep?: (object: KubeObject) => KubeObject): Informer<T> {
    const key = resourceKey(resource);
    let informer = this.informers.get(key);
    if (informer === undefined) {
      const { client, clock, random, log } = this.options;
      informer = new Informer({ client, clock, random, log, resource, ...(keep === undefined ? {} : { keep }) });
      this.informers.set(key, informer);
      if (this.started) this.run(informer, this.options.signal);
    }
    return informer as unknown as Informer<T>;
  }

  has(resource: Resource): boolean {
    return this.informers.has(resourceKey(resource));
  }

  /** Starts all that were asked for; resolves when they are filled. Those that run already go on. */
  async start(): Promise<void> {
    this.started = true;
    for (const informer of this.informers.values()) if (!informer.isRunning) this.run(informer, this.options.signal);
    await Promise.all([...this.informers.values()].map((informer) => informer.ready));
  }

  /** For resources that come and go, such as those of custom kinds; the signal ends it. */
  startOne(resource: Resource, keep: (object: KubeObject) => KubeObject, signal: AbortSignal): Informer {
    const { client, clock, random, log } = this.options;
    const informer = new Informer({ client, clock, random, log, resource, keep });
    const key = resourceKey(resource);
    this.informers.set(key, informer);
    signal.addEventListener("abort", () => this.informers.delete(key), { once: true });
    this.run(informer, AbortSignal.any([signal, this.options.signal]));
    return informer;
  }

  written(resource: Resource, object: KubeObject): void {
    this.informers.get(resourceKey(resource))?.observe(object);
  }

  deleted(resource: Resource, object: Named): void {
    this.informers.get(resourceKey(resource))?.forget(object);
  }

  /** Resolves when all have ended, after the signal. */
  async ended(): Promise<void> {
    await Promise.all(this.running);
  }

  private run(informer: Informer, signal: AbortSignal): void {
    const run = informer.start(signal);
    this.running.add(run);
    void run.finally(() => this.running.delete(run));
  }
}
