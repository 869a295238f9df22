import type { CloudEvent } from "./cloud-event.ts";
import type { Dependency } from "../lifecycle/dependency.ts";

export interface DeliveryContext {
  /** 1 for the first time. */
  readonly attempt: number;
  /** Aborted when the time for this delivery is over. */
  readonly signal: AbortSignal;
}

/** An error means: again later; after the last attempt the event is a dead letter of the group. */
export type EventHandler = (event: CloudEvent, context: DeliveryContext) => Promise<void>;

export interface SubscribeOptions {
  /** Replicas of a service share one name: each event is handled by one of them. */
  readonly group: string;
  readonly types: readonly string[];
  readonly attemptsMax?: number;
  /** The first pause; further ones double. */
  readonly retryBaseMs?: number;
}

export interface Subscription {
  /** Takes no more events and waits for those under way. */
  close(): Promise<void>;
}

export interface DeadLetter {
  readonly event: CloudEvent;
  readonly error: string;
  readonly failedAt: string;
}

export interface ReplayOptions {
  readonly group: string;
  /** Events published since then, in their order. */
  readonly since: Date;
  readonly types?: readonly string[];
}

/**
 * Carries events from services to groups. At least once, so handlers use an inbox; in order for each subject of a
 * source; a group that subscribes later does not get what came before, unless it asks for a replay.
 */
export interface EventTransport extends Dependency {
  /** Makes what it needs on the other side. May be called by several replicas at once, and again. */
  prepare(): Promise<void>;
  /** Resolves when all are stored. An event with an id that is known already is not stored again. */
  publish(events: readonly CloudEvent[]): Promise<void>;
  subscribe(options: SubscribeOptions, handler: EventHandler): Promise<Subscription>;
  deadLetters(group: string): Promise<DeadLetter[]>;
  /** Gives dead letters to their group again, all or those with these ids. Says how many. */
  replayDeadLetters(group: string, ids?: readonly string[]): Promise<number>;
  /** Gives what was published before to one group again. Says how many. */
  replay(options: ReplayOptions): Promise<number>;
}
