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
  subjects: ["events.>", "again.>"],
  deadStream: "DEAD_LETTERS",
  deadSubjects: ["dead.>"],
  event: (event: CloudEvent, partitions: number) => `events.${partitionOf(event.subject, partitions)}.${event.type}`,
  again: (group: string, event: CloudEvent, partitions: number) =>
    `again.${requireGroup(group)}.${partitionOf(event.subject, partitions)}`,
  deadLetter: (group: string) => `dead.${requireGroup(group)}`,
  consumer: (group: string, partition: number) => `${requireGroup(group)}-${partition}`,
  /** What a group's consumer of a partition takes: the types it wants, and what is given to it again. */
  filters: (group: string, partition: number, types: readonly string[]) => [
    ...types.map((type) => `events.${partition}.${type}`),
    `again.${requireGroup(group)}.${partition}`,
  ],
  typeOf: (filter: string) => (filter.startsWith("events.") ? filter.split(".")[2] : undefined),
} as const;
