import { allocateService, allocationsOf, servicePool, type Kind, type KindRegistry } from "../kinds/index.ts";
import type { KubeObject } from "../object/kube-object.ts";
import type { Store, StoreEvent } from "../store/store.ts";
import { decodeObject, encodeObject, keyOf, prefixOf } from "./object-store.ts";
import { internalError, invalid } from "./status.ts";

/** Addresses and ports, of which each is one service's. */
export interface Allocations {
  /** Undefined when objects of the kind get nothing. */
  readonly begin: (kind: Kind, key: string, isDryRun: boolean) => Allocating | undefined;
  readonly close: () => void;
}

export interface Allocating {
  /** Throws what is refused. What an earlier attempt of the same write took is given back first. */
  readonly allocate: (next: KubeObject, current: KubeObject | undefined) => void;
  /** Gives everything back when nothing was written. */
  readonly finish: (isWritten: boolean) => void;
}

export interface AllocationOptions {
  readonly store: Store;
  readonly kinds: KindRegistry;
  /** `10.96.0.0/16` */
  readonly block: string;
  readonly now: () => Date;
}

/**
 * Knows what the stored services have, and follows them. A write takes from it while it has its turn, so that no two get the same; what
 * was taken counts before it is durable. Every address in use is an IPAddress, as others may want to know whose it is.
 */
export function followServices(options: AllocationOptions): Allocations {
  const { kinds, block } = options;
  const [services, addresses] = [kinds.byKind("v1", "Service"), kinds.byKind("networking.k8s.io/v1", "IPAddress")];
  if (!services || !addresses) throw new RangeError("services and their addresses are not among the kinds");
  const ownerOf = new Map<string | number, string>();
  const ownedBy = new Map<string, readonly (string | number)[]>();
  const own = (key: string, things: readonly (string | number)[]): void => {
    for (const thing of ownedBy.get(key) ?? []) if (ownerOf.get(thing) === key) ownerOf.delete(thing);
    for (const thing of things) ownerOf.set(thing, key);
    if (things.length === 0) ownedBy.delete(key);
    else ownedBy.set(key, things);
  };
  const followed = follow({ ...options, services, addresses }, own);
  return {
    begin: (kind, key, isDryRun) => {
      if (kind.group !== services.group || kind.plural !== services.plural) return undefined;
      let mine: (string | number)[] = [];
      const giveBack = (): void => {
        for (const thing of mine) if (ownerOf.get(thing) === key) ownerOf.delete(thing);
        mine = [];
      };
      const pool = servicePool({
        block,
        random: Math.random,
        isDryRun,
        isTaken: (thing) => ownerOf.has(thing),
        take: (thing) => {
          ownerOf.set(thing, key);
          mine.push(thing);
        },
      });
      return {
        allocate: (next, current) => {
          giveBack();
          const outcome = allocateService(next, current, pool);
          if (outcome.kind === "invalid") throw invalid(kind, next.metadata.name ?? "", outcome.errors);
          if (outcome.kind === "failed") throw internalError(outcome.message);
        },
        finish: (isWritten) => {
          const known = ownedBy.get(key) ?? [];
          if (isWritten) ownedBy.set(key, [...new Set([...known, ...mine])]);
          else giveBack();
        },
      };
    },
    close: () => followed.stop(),
  };
}

interface Followed extends AllocationOptions {
  readonly services: Kind;
  readonly addresses: Kind;
}

function follow(
  options: Followed,
  own: (key: string, things: readonly (string | number)[]) => void,
): { readonly stop: () => void } {
  const { store, services } = options;
  const prefix = prefixOf(services);
  const take = (key: string, service: KubeObject): void => {
    const { addresses, ports } = allocationsOf(service);
    own(key, [...addresses, ...ports]);
    for (const address of addresses) writeAddress(options, address, service);
  };
  const { values, revision } = store.range({ prefix });
  for (const stored of values) take(stored.key, decodeObject(services, stored));
  const onEvent = ({ key, value, previous, revision: at }: StoreEvent): void => {
    const before = previous ? allocationsOf(decodeObject(services, previous)).addresses : [];
    const service = value && decodeObject(services, { key, value, createdAt: at, modifiedAt: at });
    if (service) take(key, service);
    else own(key, []);
    const kept = new Set(service ? allocationsOf(service).addresses : []);
    for (const address of before) if (!kept.has(address)) removeAddress(options, address);
  };
  return store.watch(prefix, revision, {
    onEvents: (events) => events.forEach(onEvent),
    onEnd: () => undefined,
  });
}

function writeAddress({ store, addresses, now }: Followed, address: string, service: KubeObject): void {
  const { name = "", namespace = "" } = service.metadata;
  const object: KubeObject = {
    apiVersion: "networking.k8s.io/v1",
    kind: "IPAddress",
    metadata: {
      name: address,
      uid: crypto.randomUUID(),
      creationTimestamp: now()
        .toISOString()
        .replace(/\.\d+Z$/, "Z"),
      labels: {
        "ipaddress.kubernetes.io/ip-family": "IPv4",
        "ipaddress.kubernetes.io/managed-by": "ipallocator.k8s.io",
      },
    },
    spec: { parentRef: { resource: "services", namespace, name } },
  };
  const key = keyOf(addresses, "", address);
  ignoreClosed(
    store.write({ key, decide: (current, revision) => (current ? "keep" : encodeObject(addresses, object, revision)) }),
  );
}

function removeAddress({ store, addresses }: Followed, address: string): void {
  const key = keyOf(addresses, "", address);
  ignoreClosed(store.write({ key, decide: (current) => (current ? "delete" : "keep") }));
}

/** A store that closes takes no more; the next start writes what is missing. */
function ignoreClosed(write: Promise<unknown>): void {
  write.catch(() => undefined);
}
