import { hasCode } from "./api-error.ts";

/** How a look at one key ended. */
export type Outcome =
  | { readonly kind: "done" }
  /** Nothing changes by itself, but time does. */
  | { readonly kind: "requeueAfter"; readonly ms: number }
  /** Somebody else has to act; what they change brings the key back. */
  | { readonly kind: "waiting"; readonly reason: string }
  /** Only a change of the object itself helps; it has been told in its status or an event. */
  | { readonly kind: "stalled"; readonly reason: string }
  | { readonly kind: "failed"; readonly error: unknown };

export const done: Outcome = { kind: "done" };

export function requeueAfter(ms: number): Outcome {
  return { kind: "requeueAfter", ms };
}

export type NextLook =
  | { readonly kind: "on-change" }
  | { readonly kind: "after"; readonly ms: number }
  | { readonly kind: "back-off"; readonly log: boolean };

/** When a key is looked at again: the one place that decides it, for all controllers. */
export function nextLook(outcome: Outcome): NextLook {
  switch (outcome.kind) {
    case "done":
    case "waiting":
    case "stalled":
      return { kind: "on-change" };
    case "requeueAfter":
      return { kind: "after", ms: outcome.ms };
    case "failed":
      // The namespace goes away and everything in it: nothing is to be done any more.
      if (hasCode(outcome.error, "namespace-terminating")) return { kind: "on-change" };
      // What we saw was older than what is there, or has gone; the watch tells of it.
      return { kind: "back-off", log: !hasCode(outcome.error, "conflict") && !hasCode(outcome.error, "not-found") };
  }
}

/** The sooner of two. */
export function sooner(left: Outcome, right: Outcome): Outcome {
  if (left.kind !== "requeueAfter") return right.kind === "requeueAfter" ? right : left;
  if (right.kind !== "requeueAfter") return left;
  return left.ms <= right.ms ? left : right;
}
