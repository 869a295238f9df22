import type { KubeObject } from "../../object/kube-object.ts";
import { discover } from "../../loop/discovery.ts";
import type { Discovery, DiscoveredResource } from "../../loop/discovery.ts";
import { pause, resourceKey } from "../../loop/index.ts";
import type { Change, ControllerContext, Informer, Resource } from "../../loop/index.ts";

/** Kinds come and go; how often the server is asked which there are. */
const discoveryMs = 30_000;
/** After a kind was defined it is served within moments. */
const discoverySoonMs = 250;

/** Objects of these own nothing and belong to nobody. */
const ignored = new Set(["/v1/events", "events.k8s.io/v1/events", "coordination.k8s.io/v1/leases"]);

export type ChangeListener = (resource: Resource, change: Change<KubeObject>) => void;

/** Watches the metadata of all objects that can be deleted, whatever their kind. */
export class ResourceMonitors {
  private readonly context: ControllerContext;
  private readonly listener: ChangeListener;
  private readonly monitors = new Map<string, { readonly ending: AbortController; readonly informer: Informer }>();
  private readonly subscribed = new Set<Informer>();
  private discovery: Discovery = { resources: [], failures: [] };
  private soon = new AbortController();
  private readonly first = Promise.withResolvers<void>();

  constructor(context: ControllerContext, listener: ChangeListener) {
    this.context = context;
    this.listener = listener;
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

  /** Something was defined or removed. */
  lookSoon(): void {
    this.soon.abort();
  }

  async run(): Promise<void> {
    const { clock, signal, log } = this.context;
    while (!signal.aborted) {
      try {
        await this.refresh();
        this.first.resolve();
      } catch (error) {
        log(`garbage-collector: ${error instanceof Error ? error.message : String(error)}`);
      }
      await pause(clock, discoveryMs, AbortSignal.any([signal, this.soon.signal]));
      if (this.soon.signal.aborted) await pause(clock, discoverySoonMs, signal);
      this.soon = new AbortController();
    }
    this.first.resolve();
  }

  private async refresh(): Promise<void> {
    const discovery = await discover(this.context.api.client);
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
      for (const object of informer.list()) this.listener(informer.resource, { type: "deleted", object });
    }
    await Promise.all([...wanted].map(([key, resource]) => this.monitor(key, resource)));
  }

  private async monitor(key: string, resource: DiscoveredResource): Promise<void> {
    const { informers } = this.context;
    if (this.monitors.has(key)) return;
    const informer = informers.has(resource) ? informers.of(resource) : this.startOne(key, resource);
    if (this.subscribed.has(informer)) return;
    this.subscribed.add(informer);
    for (const object of informer.list()) this.listener(resource, { type: "added", object });
    informer.onChange((change) => this.listener(resource, change));
    await informer.ready;
  }

  private startOne(key: string, resource: DiscoveredResource): Informer {
    const ending = new AbortController();
    const informer = this.context.informers.startOne(resource, metadataOnly, ending.signal);
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
