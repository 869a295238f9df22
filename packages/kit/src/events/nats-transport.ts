import { deliver } from "./deliver.ts";
import { EventError } from "./event-error.ts";
import { natsNames } from "./nats-names.ts";
import { deadLettersOf, replayDeadLettersOf, replayOf } from "./nats-replay.ts";
import { parseEvent } from "./cloud-event.ts";
import { prepareConsumers, prepareStreams } from "./nats-streams.ts";
import { runInBackground } from "../lifecycle/background-loop.ts";
import type { ConsumerMessages, JetStreamClient, JetStreamManager, JsMsg } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import type { BackgroundLoop } from "../lifecycle/background-loop.ts";
import type { CloudEvent } from "./cloud-event.ts";
import type { DeliveryResult } from "./deliver.ts";
import type { EventHandler, EventTransport, SubscribeOptions } from "./event-transport.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";

export interface NatsTransportOptions {
  /** `nats://user:password@host:4222`; several, with commas between them, are one cluster. */
  readonly url: string;
  readonly telemetry?: Telemetry;
  /** Subjects are spread over this many queues, each handled in order. All services have to agree on it. */
  readonly partitions?: number;
}

export interface NatsSession {
  readonly connection: NatsConnection;
  readonly client: JetStreamClient;
  readonly manager: JetStreamManager;
  readonly partitions: number;
}

const defaultPartitions = 8;

/**
 * Events in a JetStream stream. Each group has one durable consumer for each partition, with one message under way: so
 * the events of a subject keep their order across replicas and retries.
 */
export function natsTransport(options: NatsTransportOptions): EventTransport {
  const { telemetry, partitions = defaultPartitions } = options;
  const workers = new Set<PartitionWorker>();
  let opening: Promise<NatsSession> | undefined;
  const session = (): Promise<NatsSession> => {
    opening ??= openSession(options.url, partitions).catch((error: unknown) => {
      opening = undefined;
      throw new EventError("unavailable", "NATS can't be reached", error);
    });
    return opening;
  };
  return {
    name: "events",
    prepare: async () => prepareStreams(await session()),
    publish: async (events) => publish(await session(), events),
    async subscribe(settings, handler) {
      const open = await session();
      await prepareConsumers(open, settings);
      const own = Array.from({ length: partitions }, (_, partition) =>
        workOn(open, { settings, handler, telemetry, partition }),
      );
      for (const worker of own) workers.add(worker);
      return {
        async close() {
          for (const worker of own) workers.delete(worker);
          await Promise.all(own.map((worker) => worker.stop()));
        },
      };
    },
    deadLetters: async (group) => deadLettersOf(await session(), group),
    replayDeadLetters: async (group, ids) => replayDeadLettersOf(await session(), group, ids),
    replay: async (replay) => replayOf(await session(), replay),
    async check() {
      await (await session()).connection.rtt();
    },
    async close() {
      await Promise.all([...workers].map((worker) => worker.stop()));
      if (opening) await (await opening).connection.drain();
    },
  };
}

async function openSession(url: string, partitions: number): Promise<NatsSession> {
  // Loaded here, because whoever uses PostgreSQL never needs them.
  const { connect } = await import("@nats-io/transport-node");
  const { jetstream, jetstreamManager } = await import("@nats-io/jetstream");
  const addresses = url.split(",").map((each) => new URL(each));
  const [first] = addresses;
  const connection = await connect({
    servers: addresses.map(({ host }) => host),
    ...(first?.username ? { user: decodeURIComponent(first.username), pass: decodeURIComponent(first.password) } : {}),
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
  });
  return { connection, client: jetstream(connection), manager: await jetstreamManager(connection), partitions };
}

/** Sent in their order without waiting in between; the server stores them in that order. */
async function publish(session: NatsSession, events: readonly CloudEvent[]): Promise<void> {
  try {
    await Promise.all(
      events.map((event) =>
        session.client.publish(natsNames.event(event, session.partitions), JSON.stringify(event), {
          msgID: `${event.source} ${event.id}`,
        }),
      ),
    );
  } catch (error) {
    throw new EventError("unavailable", "NATS did not store the events", error);
  }
}

interface PartitionWorker {
  stop(): Promise<void>;
}

interface Work {
  readonly settings: SubscribeOptions;
  readonly handler: EventHandler;
  readonly telemetry: Telemetry | undefined;
  readonly partition: number;
}

function workOn(session: NatsSession, work: Work): PartitionWorker {
  const { group } = work.settings;
  let messages: ConsumerMessages | undefined;
  let stopping = false;
  const loop: BackgroundLoop = runInBackground({
    turn: async () => {
      const consumer = await session.client.consumers.get(natsNames.stream, natsNames.consumer(group, work.partition));
      messages = await consumer.consume({ max_messages: 1 });
      if (stopping) messages.stop();
      for await (const message of messages) await handle(session, work, message);
      return 0;
    },
    onFailure: (error, failures) => work.telemetry?.log.warn("events can't be taken", { error, failures }),
  });
  return {
    async stop() {
      stopping = true;
      const stopped = loop.stop();
      messages?.stop();
      await stopped;
    },
  };
}

async function handle(session: NatsSession, work: Work, message: JsMsg): Promise<void> {
  if (!natsNames.isFor(message.subject, work.settings)) {
    message.ack();
    return;
  }
  const result = await resultOf(work, message);
  if (result.kind === "retry") {
    message.nak(result.afterMs);
    return;
  }
  if (result.kind === "dead") {
    await session.client.publish(
      natsNames.deadLetter(work.settings.group),
      JSON.stringify({ event: message.string(), error: result.error, failedAt: new Date().toISOString() }),
      { msgID: `${work.settings.group} ${message.seq}` },
    );
  }
  // Waits for the server, so that nothing is delivered again only because a process ends now.
  await message.ackAck();
}

async function resultOf(work: Work, message: JsMsg): Promise<DeliveryResult> {
  const { settings: options, handler, telemetry } = work;
  try {
    const event = parseEvent(message.json());
    return await deliver({ event, attempt: message.info.deliveryCount, options, handler, telemetry });
  } catch (error) {
    return { kind: "dead", error: String(error) };
  }
}
