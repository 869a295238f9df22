import { dataLimits } from "../limits.ts";
import { natsNames } from "./nats-names.ts";
import type { NatsSession } from "./nats-transport.ts";
import type { SubscribeOptions } from "./event-transport.ts";

const nanosecondsPerMs = 1_000_000;
/** A relay that dies between publishing and deleting comes back well within this time. */
const duplicateWindowMs = 10 * 60_000;

export async function prepareStreams({ manager }: NatsSession): Promise<void> {
  const { DiscardPolicy, RetentionPolicy, StorageType } = await import("@nats-io/jetstream");
  const shared = {
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.Old,
    allow_direct: true,
    max_bytes: dataLimits.streamBytesMax,
    max_age: dataLimits.eventRetentionMs * nanosecondsPerMs,
    duplicate_window: duplicateWindowMs * nanosecondsPerMs,
  };
  await manager.streams.add({ ...shared, name: natsNames.stream, subjects: [...natsNames.subjects] });
  await manager.streams.add({ ...shared, name: natsNames.deadStream, subjects: [...natsNames.deadSubjects] });
}

/** Adding what is there already, with the same settings, changes nothing; with other types they are changed. */
export async function prepareConsumers(session: NatsSession, { group, types }: SubscribeOptions): Promise<void> {
  const { AckPolicy, DeliverPolicy } = await import("@nats-io/jetstream");
  const known = new Set<string>();
  for await (const { name } of session.manager.consumers.list(natsNames.stream)) known.add(name);
  await Promise.all(
    Array.from({ length: session.partitions }, async (_, partition) => {
      const name = natsNames.consumer(group, partition);
      const changeable = {
        // Servers before 2.10 know one filter; what a group does not want is passed over where it arrives.
        filter_subject: natsNames.partition(partition),
        description: natsNames.describe(types),
        ack_wait: dataLimits.deliveryTimeoutMs * 1.5 * nanosecondsPerMs,
        // One at a time is what keeps the order.
        max_ack_pending: 1,
      };
      if (known.has(name)) await session.manager.consumers.update(natsNames.stream, name, changeable);
      else {
        await session.manager.consumers.add(natsNames.stream, {
          ...changeable,
          durable_name: name,
          ack_policy: AckPolicy.Explicit,
          deliver_policy: DeliverPolicy.New,
          // Attempts are counted by us: the last one makes a dead letter.
          max_deliver: -1,
        });
      }
    }),
  );
}
