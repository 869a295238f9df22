import type { KubeClient } from "@fairway/kube-client";
import type { KubeObject } from "../object/kube-object.ts";
import { pause } from "./clock.ts";
import type { Clock } from "./clock.ts";
import { discover } from "./discovery.ts";
import type { DiscoveredResource, Discovery } from "./discovery.ts";
import type { Change, Informer } from "./informer.ts";
import type { Informers } from "./informers.ts";
import { resourceKey } from "./resource.ts";
import type { Resource } from "./resource.ts";

/** Kinds come and go; how often the server is asked which there are. */
const discoveryMs = 30_000;
/** After a kind was defined it is served within moments. */
const discoverySoonMs = 250;

/** Objects of these own nothing and belong to nobody. */
const ignored = new Set(["/v1/events", "events.k8s.io/v1/events", "coordination.k8s.io/v1/leases"]);
const definitions = "customresourcedefinitions";

export type ChangeListener = (resource: Resource, change: Change<KubeObject>) => void;

export interface KindMonitorsOptions {
  readonly client: KubeClient;
  readonly informers: Informers;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly log: (message: string) => void;
}

/** Watches the metadata of all objects that can be deleted, whatever their kind. */
export class KindMonitors {
  private readonly options: KindMonitorsOptions;
  private readonly listeners: ChangeListener[] = [];
  private readonly monitors = new Map<string, { readonly ending: AbortController; readonly informer: Informer }>();
  private readonly subscribed = new Set<Informer>();
  private discovery: Discovery = { resources: [], failures: [] };
  private soon = new AbortController();
  private readonly first = Promise.withResolvers<void>();

  constructor(options: KindMonitorsOptions) {
    this.options = options;
  }

  /** Has to be said before `run`. */
  onChange(listener: ChangeListener): void {
    this.listeners.push(listener);
  }

  /** Resolves when all that is there at the beginning is known. */
  get ready(): Promise<void> {
    return this.first.promise;
  }

  /** Where objects of a kind are found, in any version of its group; undefined for kinds that nobody serves. */
  find(apiVersion: string, kind: string): Resource | undefined {
    const slash = apiVersion.indexOf("/");
    const group = slash < 0 ? "" : apiVersion.slice(0, slash);
    return this.discovery.resources.find((resource) => resource.group === group && resource.kind === kind);
  }

  /** Where a resource is found by its name and group, in the version that its group prefers. */
  named(group: string, plural: string): Resource | undefined {
    return this.discovery.resources.find((resource) => resource.group === group && resource.plural === plural);
  }

  async run(): Promise<void> {
    const { clock, signal, log } = this.options;
    while (!signal.aborted) {
      try {
        await this.refresh();
        this.first.resolve();
      } catch (error) {
        log(`discovery: ${error instanceof Error ? error.message : String(error)}`);
      }
      await pause(clock, discoveryMs, AbortSignal.any([signal, this.soon.signal]));
      if (this.soon.signal.aborted) await pause(clock, discoverySoonMs, signal);
      this.soon = new AbortController();
    }
    this.first.resolve();
  }

  private async refresh(): Promise<void> {
    const discovery = await discover(this.options.client);
    const deletable = discovery.resources.filter(isCollected);
    const wanted = new Map(deletable.map((resource) => [resourceKey(resource), resource]));
    // A group that doesn't answer just now has not gone.
    const failed = new Set(discovery.failures);
    const kept = this.discovery.resources.filter((resource) => failed.has(`${resource.group}/${resource.version}`));
    this.discovery = { ...discovery, resources: [...discovery.resources, ...kept] };
    for (const [key, { ending, informer }] of this.monitors) {
      const { group, version } = informer.resource;
      if (wanted.has(key) || failed.has(`${group}/${version}`)) continue;
      ending.abort();
      this.monitors.delete(key);
      for (const object of informer.list()) this.tell(informer.resource, { type: "deleted", object });
    }
    await Promise.all([...wanted].map(([key, resource]) => this.monitor(key, resource)));
  }

  private async monitor(key: string, resource: DiscoveredResource): Promise<void> {
    const { informers } = this.options;
    if (this.monitors.has(key)) return;
    const informer = informers.has(resource) ? informers.of(resource) : this.startOne(key, resource);
    if (this.subscribed.has(informer)) return;
    this.subscribed.add(informer);
    informer.onChange((change) => this.tell(resource, change));
    await informer.ready;
  }

  private tell(resource: Resource, change: Change<KubeObject>): void {
    if (resource.plural === definitions && change.type !== "updated") this.soon.abort();
    for (const listener of this.listeners) listener(resource, change);
  }

  private startOne(key: string, resource: DiscoveredResource): Informer {
    const ending = new AbortController();
    const informer = this.options.informers.startOne(resource, metadataOnly, ending.signal);
    this.monitors.set(key, { ending, informer });
    return informer;
  }
}

function isCollected(resource: DiscoveredResource): boolean {
  const { verbs } = resource;
  return (
    verbs.includes("delete") && verbs.includes("list") && verbs.includes("watch") && !ignored.has(resourceKey(resource))
  );
}

function metadataOnly(object: KubeObject): KubeObject {
  const { name, namespace, uid, resourceVersion, ownerReferences, finalizers, deletionTimestamp } = object.metadata;
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: {
      ...(name === undefined ? {} : { name }),
      ...(namespace === undefined ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(ownerReferences === undefined ? {} : { ownerReferences }),
      ...(finalizers === undefined ? {} : { finalizers }),
      ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
    },
  };
}
