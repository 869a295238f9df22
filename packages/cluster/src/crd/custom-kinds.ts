import { trackUpdate } from "../apply/index.ts";
import { decodeObject, encodeObject, keyOf, prefixOf } from "../apiserver/object-store.ts";
import type { Kind, KindRegistry } from "../kinds/index.ts";
import { apiVersionOf } from "../kinds/index.ts";
import { cloneJson, equalJson } from "../object/json-value.ts";
import type { KubeObject } from "../object/kube-object.ts";
import type { CustomResourceDefinition } from "../schema/data/types/apiextensions-v1.ts";
import { schemaLibrary } from "../schema/index.ts";
import type { Store, StoreEvent, WatchHandle } from "../store/store.ts";
import { acceptNames, establish } from "./accepted-names.ts";
import { isConditionTrue, setCondition } from "./conditions.ts";
import { askConversionOver } from "./ask-webhook.ts";
import { serviceEndpoints } from "./service-endpoints.ts";
import { createConverter } from "./conversion.ts";
import type { AskConversion } from "./conversion.ts";
import { customKindOf } from "./custom-kind.ts";
import { CLEANUP_FINALIZER, definitionKind, DEFINITIONS, typed } from "./definition-kind.ts";
import { deleteInstances } from "./delete-instances.ts";

export interface CustomKindsOptions {
  readonly store: Store;
  /** Custom kinds come and go in it; the kind of definitions gets the checks of its own. */
  readonly registry: KindRegistry;
  readonly now: () => Date;
  /** How conversion webhooks are asked; over HTTPS unless said otherwise. */
  readonly askConversion?: AskConversion;
  /** Told of what goes wrong behind a request's back. */
  readonly onDefect: (error: unknown) => void;
}

export interface CustomKinds {
  /** Waits until all that follows from the definitions as they are now is written. */
  readonly settled: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Follows the stored definitions: accepts their names, establishes them, serves their kinds, and clears up behind them. */
export function createCustomKinds(options: CustomKindsOptions): CustomKinds {
  const { group, version, plural } = DEFINITIONS;
  const plain = options.registry.byResource(group, version, plural);
  if (plain === undefined) throw new RangeError("the kind of definitions is not registered");
  const kind = definitionKind(plain);
  options.registry.add(kind);
  return new Followed(options, kind);
}

interface Served {
  readonly definition: CustomResourceDefinition;
  readonly kinds: readonly Kind[];
}

class Followed implements CustomKinds {
  readonly #options: CustomKindsOptions;
  readonly #kind: Kind;
  readonly #ask: AskConversion;
  readonly #definitions = new Map<string, CustomResourceDefinition>();
  readonly #served = new Map<string, Served>();
  /** The revision at which each was created. */
  readonly #since = new Map<string, number>();
  readonly #pending = new Set<string>();
  readonly #watch: WatchHandle;
  #working: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: CustomKindsOptions, kind: Kind) {
    this.#ask = options.askConversion ?? askConversionOver(serviceEndpoints(options.store));
    this.#options = options;
    this.#kind = kind;
    const prefix = prefixOf(kind);
    const { values, revision } = options.store.range({ prefix });
    for (const stored of values) this.#put(typed(decodeObject(kind, stored)), stored.createdAt);
    this.#watch = options.store.watch(prefix, revision, {
      onEvents: (events) => this.#follow(events, prefix),
      onEnd: () => undefined,
    });
  }

  async settled(): Promise<void> {
    while (this.#working) await this.#working;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#watch.stop();
    this.#pending.clear();
    await this.settled();
  }

  /** Kinds come and go before anybody is told that the write is done. */
  #follow(events: readonly StoreEvent[], prefix: string): void {
    for (const { key, value, revision } of events) {
      const name = key.slice(prefix.length);
      if (value === undefined) this.#remove(name);
      else this.#put(typed(JSON.parse(value.toString("utf8")) as KubeObject), revision);
    }
  }

  #put(definition: CustomResourceDefinition, revision: number): void {
    const name = definition.metadata.name ?? "";
    if (!this.#since.has(name)) this.#since.set(name, revision);
    const before = this.#definitions.get(name);
    this.#definitions.set(name, definition);
    this.#serve(name, definition);
    this.#wake(name);
    // Names that were given up are free for others.
    if (before && !equalJson(before.status.acceptedNames, definition.status.acceptedNames)) this.#wakeGroup(definition);
  }

  #remove(name: string): void {
    const definition = this.#definitions.get(name);
    this.#definitions.delete(name);
    this.#since.delete(name);
    this.#register(name, undefined);
    if (definition) this.#wakeGroup(definition);
  }

  #wakeGroup({ spec }: CustomResourceDefinition): void {
    for (const [name, other] of this.#definitions) if (other.spec.group === spec.group) this.#wake(name);
  }

  #serve(name: string, definition: CustomResourceDefinition): void {
    const isServed = isConditionTrue(definition, "NamesAccepted") || isConditionTrue(definition, "Established");
    const known = this.#served.get(name);
    if (isServed && known && isServedTheSame(known.definition, definition)) return;
    this.#register(name, isServed ? { definition, kinds: this.#kindsOf(definition) } : undefined);
  }

  #kindsOf(definition: CustomResourceDefinition): readonly Kind[] {
    const { spec } = definition;
    const since = this.#since.get(definition.metadata.name ?? "") ?? 0;
    const converter = createConverter(spec.conversion, this.#ask);
    return (spec.versions ?? [])
      .filter(({ served }) => served)
      .map((version) => customKindOf(definition, version, { converter, since }))
      .filter((kind) => !this.#isBuiltIn(kind));
  }

  #isBuiltIn({ group, version, plural }: Kind): boolean {
    const known = this.#options.registry.byResource(group, version, plural);
    return known !== undefined && known.custom === undefined;
  }

  #register(name: string, served: Served | undefined): void {
    const { registry } = this.#options;
    const kept = new Set(served?.kinds.map(({ version }) => version));
    for (const { group, version, plural } of this.#served.get(name)?.kinds ?? [])
      if (!kept.has(version)) registry.remove(group, version, plural);
    for (const kind of served?.kinds ?? []) registry.add(kind);
    if (served) this.#served.set(name, served);
    else this.#served.delete(name);
  }

  #wake(name: string): void {
    if (this.#isClosed) return;
    this.#pending.add(name);
    this.#working ??= this.#work();
  }

  async #work(): Promise<void> {
    // Whoever wrote is answered first.
    await Promise.resolve();
    for (const name of this.#pending) {
      this.#pending.delete(name);
      try {
        await this.#reconcile(name);
      } catch (error) {
        if (!this.#isClosed) this.#options.onDefect(error);
      }
    }
    this.#working = undefined;
    if (this.#pending.size > 0) this.#working = this.#work();
  }

  async #reconcile(name: string): Promise<void> {
    const { now } = this.#options;
    await this.#update(name, (definition) => acceptNames(definition, this.#others(name), now()));
    await this.#update(name, (definition) => establish(definition, now()));
    const definition = this.#definitions.get(name);
    if (definition?.metadata.deletionTimestamp === undefined) return;
    if (definition.metadata.finalizers?.includes(CLEANUP_FINALIZER)) await this.#cleanUp(name, definition);
  }

  #others(name: string): readonly CustomResourceDefinition[] {
    return [...this.#definitions].flatMap(([key, definition]) => (key === name ? [] : [definition]));
  }

  async #cleanUp(name: string, definition: CustomResourceDefinition): Promise<void> {
    const { now, store } = this.#options;
    const type = "Terminating";
    const progress = "CustomResource deletion is in progress";
    await this.#update(name, (next) => {
      setCondition(next, { type, status: "True", reason: "InstanceDeletionInProgress", message: progress }, now());
      return true;
    });
    const [kind] = this.#served.get(name)?.kinds ?? [];
    const isDone = kind === undefined || (await deleteInstances({ store, kind, now: now() }));
    if (!isDone) {
      this.#wakeWhenGone(name, kind);
      return;
    }
    const isEstablished = isConditionTrue(definition, "Established");
    const reason = isEstablished ? "InstanceDeletionCompleted" : "NeverEstablished";
    const message = isEstablished ? "removed all instances" : "resource was never established";
    await this.#update(name, (next) => {
      setCondition(next, { type, status: "False", reason, message }, now());
      next.metadata.finalizers = (next.metadata.finalizers ?? []).filter((each) => each !== CLEANUP_FINALIZER);
      if (next.metadata.finalizers.length === 0) delete next.metadata.finalizers;
      return true;
    });
  }

  /** Instances may have somebody who has to finish something first. */
  #wakeWhenGone(name: string, kind: Kind): void {
    const { store } = this.#options;
    const prefix = prefixOf(kind);
    const handle = store.watch(prefix, store.revision, {
      onEvents: () => {
        if (store.count(prefix) > 0) return;
        handle.stop();
        this.#wake(name);
      },
      onEnd: () => undefined,
    });
  }

  /** Writes the status as the server itself. What was deleted, and has nobody to wait for any more, goes. */
  async #update(name: string, change: (definition: CustomResourceDefinition) => boolean): Promise<void> {
    const { store, now } = this.#options;
    const kind = this.#kind;
    await store.write({
      key: keyOf(kind, "", name),
      decide: (stored, revision) => {
        if (!stored) return "keep";
        const live = decodeObject(kind, stored);
        const next = cloneJson(live);
        if (!change(typed(next)) || equalJson(next, live)) return "keep";
        const { deletionTimestamp, finalizers = [] } = next.metadata;
        if (deletionTimestamp !== undefined && finalizers.length === 0) return "delete";
        const owned = trackUpdate({
          live,
          next,
          schema: kind.schema,
          library: schemaLibrary,
          manager: "kube-apiserver",
          apiVersion: apiVersionOf(kind),
          subresource: "status",
          now: now(),
        });
        return encodeObject(kind, owned, revision);
      },
    });
  }
}

/** Conditions change often, and hardly ever what is served. */
function isServedTheSame(left: CustomResourceDefinition, right: CustomResourceDefinition): boolean {
  return (
    left.metadata.uid === right.metadata.uid &&
    left.metadata.generation === right.metadata.generation &&
    isConditionTrue(left, "Terminating") === isConditionTrue(right, "Terminating") &&
    equalJson(left.status.acceptedNames, right.status.acceptedNames)
  );
}
