import { eventLimits } from "../limits.ts";
import type { EventSubject, RecordedEvent } from "./event-recorder.ts";

interface Similar {
  readonly messages: Set<string>;
  lastAt: number;
}

interface Allowance {
  left: number;
  at: number;
}

export interface Correlated {
  /** What is counted together. */
  readonly key: string;
  readonly event: RecordedEvent;
  /** It is counted, but nobody is told. */
  readonly isTooMuch: boolean;
}

/**
 * Keeps events few, as Kubernetes does: those that differ in their message alone become one after a while, and an object that something happens to all
 * the time is told of now and then.
 */
export class EventCorrelation {
  readonly #similar = new Map<string, Similar>();
  readonly #allowances = new Map<string, Allowance>();

  correlate(subject: EventSubject, event: RecordedEvent, now: Date): Correlated {
    const { resourceVersion: _, fieldPath, ...object } = subject;
    const at = now.getTime();
    const group = JSON.stringify([object, event.type, event.reason]);
    const isCombined = this.#isOneOfMany(group, event.message, at);
    const isTooMuch = !this.#isAllowed(JSON.stringify([object, event.type]), at);
    if (!isCombined) return { key: JSON.stringify([object, fieldPath, event]), event, isTooMuch };
    return { key: group, event: { ...event, message: `(combined from similar events): ${event.message}` }, isTooMuch };
  }

  #isOneOfMany(group: string, message: string, at: number): boolean {
    const known = this.#similar.get(group);
    const isFresh = known !== undefined && at - known.lastAt <= eventLimits.similarMs;
    const similar = isFresh ? known : { messages: new Set<string>(), lastAt: at };
    similar.messages.add(message);
    similar.lastAt = at;
    remember(this.#similar, group, similar);
    if (similar.messages.size < eventLimits.similarMax) return false;
    const [first = ""] = similar.messages;
    similar.messages.delete(first);
    return true;
  }

  #isAllowed(object: string, at: number): boolean {
    const known = this.#allowances.get(object) ?? { left: eventLimits.burst, at };
    const left = Math.min(eventLimits.burst, known.left + (at - known.at) / eventLimits.refillMs);
    remember(this.#allowances, object, { left: left >= 1 ? left - 1 : left, at });
    return left >= 1;
  }
}

/** The one that was longest unused makes room. */
function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  const [first] = map.keys();
  if (map.size > eventLimits.knownMax && first !== undefined) map.delete(first);
}
