import { dataLimits } from "../limits.ts";
import { natsNames } from "./nats-names.ts";
import { parseEvent } from "./cloud-event.ts";
import type { StoredMsg } from "@nats-io/jetstream";
import type { DeadLetter, ReplayOptions } from "./event-transport.ts";
import type { NatsSession } from "./nats-transport.ts";

export async function deadLettersOf(session: NatsSession, group: string): Promise<DeadLetter[]> {
  const stored = await storedDeadLetters(session, group);
  return stored.map(({ letter }) => letter);
}

export async function replayDeadLettersOf(
  session: NatsSession,
  group: string,
  ids?: readonly string[],
): Promise<number> {
  const stored = await storedDeadLetters(session, group);
  const wanted = stored.filter(({ letter }) => ids === undefined || ids.includes(letter.event.id));
  for (const { letter, message } of wanted) {
    await session.client.publish(
      natsNames.again(group, letter.event, session.partitions),
      JSON.stringify(letter.event),
    );
    await session.manager.streams.deleteMessage(natsNames.deadStream, message.seq);
  }
  return wanted.length;
}

interface StoredLetter {
  readonly letter: DeadLetter;
  readonly message: StoredMsg;
}

async function storedDeadLetters(session: NatsSession, group: string): Promise<StoredLetter[]> {
  const found: StoredLetter[] = [];
  let seq = 1;
  while (found.length < dataLimits.deadLettersMax) {
    const message = await session.manager.direct.getMessage(natsNames.deadStream, {
      seq,
      next_by_subj: natsNames.deadLetter(group),
    });
    if (!message) return found;
    seq = message.seq + 1;
    const { event, error, failedAt } = message.json<{ event: string; error: string; failedAt: string }>();
    found.push({ letter: { event: parseEvent(JSON.parse(event)), error, failedAt }, message });
  }
  return found;
}

/** Reads the stream from then on until where it ended when this began, and gives the group's share to it again. */
export async function replayOf(session: NatsSession, { group, since, types }: ReplayOptions): Promise<number> {
  const { config } = await session.manager.consumers.info(natsNames.stream, natsNames.consumer(group, 0));
  const wanted = natsNames.described(config.description).filter((type) => types === undefined || types.includes(type));
  const { state } = await session.manager.streams.info(natsNames.stream);
  if (wanted.length === 0 || state.messages === 0) return 0;
  let count = 0;
  for (let seq = state.first_seq; seq <= state.last_seq;) {
    const message = await session.manager.direct.getMessage(natsNames.stream, { seq, next_by_subj: "events.*.*" });
    if (!message || message.seq > state.last_seq) return count;
    seq = message.seq + 1;
    if (message.time < since) continue;
    const event = parseEvent(message.json());
    if (!wanted.includes(event.type)) continue;
    await session.client.publish(natsNames.again(group, event, session.partitions), JSON.stringify(event));
    count += 1;
  }
  return count;
}
