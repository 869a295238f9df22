import { compile } from "../schema.ts";
import { createInbox } from "./inbox.ts";
import { dataLimits } from "../limits.ts";
import { EventError } from "./event-error.ts";
import { pruneIdempotencyKeys } from "../idempotency/idempotency.ts";
import { runInBackground } from "../lifecycle/background-loop.ts";
import type { BackgroundLoop } from "../lifecycle/background-loop.ts";
import type { Check, Static, TSchema } from "../schema.ts";
import type { CloudEvent } from "./cloud-event.ts";
import type { Database, Transaction } from "../database/database.ts";
import type { EventTransport, Subscription } from "./event-transport.ts";
import type { Inbox } from "./inbox.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";

/** What a service does when something has happened elsewhere. */
export interface Reaction {
  readonly type: string;
  /** Fails when the data is not what was agreed. */
  run(tx: Transaction, event: CloudEvent): Promise<void>;
}

/** A reaction to one type of event. It runs once for each event, in the transaction that remembers it. */
export function reaction<S extends TSchema>(
  type: string,
  schema: S,
  handle: (tx: Transaction, data: Static<S>, event: CloudEvent) => Promise<void>,
): Reaction {
  const check: Check<Static<S>> = compile(schema);
  return {
    type,
    run: async (tx, event) => {
      const { data } = event;
      if (!check.matches(data)) {
        const problems = JSON.stringify(check.problems(data));
        throw new EventError("malformed", `${type} of ${event.source} is not what was agreed: ${problems}`);
      }
      await handle(tx, data, event);
    },
  };
}

export interface ConsumerOptions {
  /** The name of the service: its replicas share the work. */
  readonly group: string;
  readonly transport: EventTransport;
  readonly db: Database;
  readonly reactions: readonly Reaction[];
  readonly telemetry?: Telemetry;
}

export interface EventConsumer {
  /** A second call changes nothing. */
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Subscribes a service to what it reacts to, and keeps its tables small. */
export function createConsumer(options: ConsumerOptions): EventConsumer {
  const { group, transport, db, telemetry } = options;
  const reactions = new Map(options.reactions.map((each) => [each.type, each]));
  const inbox = createInbox(db);
  let subscription: Subscription | undefined;
  let pruning: BackgroundLoop | undefined;
  return {
    async start() {
      subscription ??= await transport.subscribe({ group, types: [...reactions.keys()] }, async (event) => {
        const found = reactions.get(event.type);
        if (!found) throw new EventError("malformed", `${group} does not react to ${event.type}`);
        await db.transaction((tx) => inbox.once(tx, event, () => found.run(tx, event)));
      });
      pruning ??= runInBackground({
        turn: () => prune(db, inbox),
        onFailure: (error) => telemetry?.log.warn("old entries stay", { error }),
      });
    },
    async close() {
      await pruning?.stop();
      await subscription?.close();
    },
  };
}

async function prune(db: Database, inbox: Inbox): Promise<number> {
  await inbox.prune();
  await pruneIdempotencyKeys(db);
  return dataLimits.pruneEveryMs;
}
