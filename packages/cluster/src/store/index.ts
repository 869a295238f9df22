import { lmdbRecords } from "./lmdb-records.ts";
import { memoryRecords } from "./memory-records.ts";
import { revisionStore } from "./revision-store.ts";
import type { Store } from "./store.ts";

/** Opens the store of a folder, made when it isn't there. One process at a time. */
export async function openLmdbStore(options: { readonly folder: string }): Promise<Store> {
  return revisionStore(lmdbRecords(options.folder));
}

/** For tests, and for clusters that nobody wants to keep. */
export function createMemoryStore(): Store {
  return revisionStore(memoryRecords());
}
