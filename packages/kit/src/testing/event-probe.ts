import { randomUUID } from "node:crypto";
import { cloudEvent } from "../events/cloud-event.ts";
import { openTransport } from "../events/open-transport.ts";
import type { CloudEvent } from "../events/cloud-event.ts";

export interface ProbeOptions {
  /** As the service has it in EVENTS_URL. */
  readonly url: string;
  /** The types to listen to. */
  readonly types: readonly string[];
}

/** Plays the other services: says what they would say, and hears what the service under test says. */
export interface EventProbe {
  /** About one subject; events of a source about a subject are handled in their order. */
  say(type: string, subject: string, data: object): Promise<CloudEvent>;
  /** The first event of a type about a subject, now or when it comes. */
  heard(type: string, subject: string): Promise<CloudEvent>;
  /** How often a type was heard about a subject until now. */
  count(type: string, subject: string): number;
  close(): Promise<void>;
}

const patienceMs = 120_000;

export async function openEventProbe({ url, types }: ProbeOptions): Promise<EventProbe> {
  const transport = openTransport({ url });
  await transport.prepare();
  const events: CloudEvent[] = [];
  const waiting = new Set<() => void>();
  const subscription = await transport.subscribe({ group: `probe-${randomUUID()}`, types }, async (event) => {
    events.push(event);
    for (const look of waiting) look();
  });
  const find = (type: string, subject: string): CloudEvent | undefined =>
    events.find((each) => each.type === type && each.subject === subject);
  return {
    async say(type, subject, data) {
      const event = cloudEvent({ source: "/probe", type, subject, data });
      await transport.publish([event]);
      return event;
    },
    heard(type, subject) {
      const { promise, resolve, reject } = Promise.withResolvers<CloudEvent>();
      const look = (): void => {
        const found = find(type, subject);
        if (!found) return;
        clearTimeout(timer);
        waiting.delete(look);
        resolve(found);
      };
      const timer = setTimeout(() => {
        waiting.delete(look);
        const said = events.filter((each) => each.subject === subject).map((each) => each.type);
        reject(new Error(`no ${type} about ${subject} came; there was ${said.join(", ") || "nothing"} about it`));
      }, patienceMs);
      waiting.add(look);
      look();
      return promise;
    },
    count: (type, subject) => events.filter((each) => each.type === type && each.subject === subject).length,
    async close() {
      await subscription.close();
      await transport.close();
    },
  };
}
