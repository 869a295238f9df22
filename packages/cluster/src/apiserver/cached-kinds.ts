import type { Kind } from "../kinds/index.ts";

const eventGroups = new Set(["", "events.k8s.io"]);

/** Events are too many to be kept twice: Kubernetes answers all others from a cache where that is enough. */
export function isCached({ plural, group }: Kind): boolean {
  return plural !== "events" || !eventGroups.has(group);
}
