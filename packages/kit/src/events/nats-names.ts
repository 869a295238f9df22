import { createHash } from "node:crypto";
import { EventError } from "./event-error.ts";
import type { CloudEvent } from "./cloud-event.ts";

/** Names of JetStream hold no dots and no spaces. */
function requireGroup(group: string): string {
  if (/^[a-z0-9][a-z0-9-]{0,60}$/.test(group)) return group;
  throw new EventError("malformed", `${JSON.stringify(group)} is no name for a group: small letters, digits, hyphens`);
}

function partitionOf(subject: string, partitions: number): number {
  return createHash("sha256").update(subject).digest().readUInt32BE(0) % partitions;
}

/** How things are called on the side of NATS. */
export const natsNames = {
  stream: "EVENTS",
  subjects: ["events.>"],
  deadStream: "DEAD_LETTERS",
  deadSubjects: ["dead.>"],
  event: (event: CloudEvent, partitions: number) => `events.${partitionOf(event.subject, partitions)}.${event.type}`,
  again: (group: string, event: CloudEvent, partitions: number) =>
    `events.${partitionOf(event.subject, partitions)}.${event.type}.${requireGroup(group)}`,
  deadLetter: (group: string) => `dead.${requireGroup(group)}`,
  consumer: (group: string, partition: number) => `${requireGroup(group)}-${partition}`,
  partition: (partition: number) => `events.${partition}.>`,
  /** Whether a group handles what was sent to a subject: a type that it wants, for all groups or again for this one. */
  isFor: (subject: string, { group, types }: { group: string; types: readonly string[] }) => {
    const [, , type = "", only] = subject.split(".");
    return types.includes(type) && (only === undefined || only === group);
  },
  /** A durable consumer remembers its types, so that a replay knows them. */
  describe: (types: readonly string[]) => types.join(" "),
  described: (description: string | undefined) => (description ?? "").split(" ").filter((type) => type !== ""),
} as const;
