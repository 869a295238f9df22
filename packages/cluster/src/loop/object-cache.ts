import type { KubeObject } from "../object/kube-object.ts";

/** What is known of the objects of one resource, found by name, owner, or what else an index says. */
export class ObjectCache<T extends KubeObject> {
  private readonly objects = new Map<string, T>();
  private readonly indexes = new Map<string, Index<T>>();

  constructor() {
    this.addIndex("namespace", (object) => [object.metadata.namespace ?? ""]);
    this.addIndex("owner", (object) => {
      const owner = object.metadata.ownerReferences?.find((reference) => reference.controller === true);
      return owner === undefined ? [] : [owner.uid];
    });
    this.addIndex("orphans", (object) => {
      const owned = object.metadata.ownerReferences?.some((reference) => reference.controller === true) ?? false;
      return owned ? [] : [object.metadata.namespace ?? ""];
    });
  }

  get size(): number {
    return this.objects.size;
  }

  addIndex(name: string, valuesOf: (object: T) => readonly string[]): void {
    if (this.indexes.has(name)) return;
    const index: Index<T> = { valuesOf, keys: new Map() };
    for (const [key, object] of this.objects) insert(index, key, object);
    this.indexes.set(name, index);
  }

  get(key: string): T | undefined {
    return this.objects.get(key);
  }

  all(): T[] {
    return [...this.objects.values()];
  }

  keys(): string[] {
    return [...this.objects.keys()];
  }

  find(index: string, value: string): T[] {
    const keys = this.indexes.get(index)?.keys.get(value);
    if (keys === undefined) return [];
    const found: T[] = [];
    for (const key of keys) {
      const object = this.objects.get(key);
      if (object !== undefined) found.push(object);
    }
    return found;
  }

  count(index: string, value: string): number {
    return this.indexes.get(index)?.keys.get(value)?.size ?? 0;
  }

  /** Answers what was there before. */
  put(key: string, object: T): T | undefined {
    const previous = this.objects.get(key);
    for (const index of this.indexes.values()) {
      if (previous !== undefined && isSame(index.valuesOf(previous), index.valuesOf(object))) continue;
      if (previous !== undefined) remove(index, key, previous);
      insert(index, key, object);
    }
    this.objects.set(key, object);
    return previous;
  }

  delete(key: string): T | undefined {
    const previous = this.objects.get(key);
    if (previous === undefined) return undefined;
    for (const index of this.indexes.values()) remove(index, key, previous);
    this.objects.delete(key);
    return previous;
  }
}

interface Index<T> {
  readonly valuesOf: (object: T) => readonly string[];
  readonly keys: Map<string, Set<string>>;
}

function insert<T>(index: Index<T>, key: string, object: T): void {
  for (const value of index.valuesOf(object)) {
    const keys = index.keys.get(value);
    if (keys === undefined) index.keys.set(value, new Set([key]));
    else keys.add(key);
  }
}

function remove<T>(index: Index<T>, key: string, object: T): void {
  for (const value of index.valuesOf(object)) {
    const keys = index.keys.get(value);
    if (keys === undefined) continue;
    keys.delete(key);
    if (keys.size === 0) index.keys.delete(value);
  }
}

function isSame(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((value, index) => value === right[index]);
}
