import type { Store } from "../store/store.ts";
import { keptRevisionsMs } from "./limits.ts";

/** Forgets revisions that are older than clients of Kubernetes expect. */
export function keepCompact(store: Store, log: (line: string) => void): { readonly stop: () => void } {
  let reached = store.revision;
  const timer = setInterval(() => {
    store.compact(reached).catch((error: unknown) => log(`old revisions could not be forgotten: ${String(error)}`));
    reached = store.revision;
  }, keptRevisionsMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
