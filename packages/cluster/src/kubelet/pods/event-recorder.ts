import { randomBytes } from "node:crypto";
import type { KubeClient } from "@fairway/kube-client";
import { messageOf } from "../kubelet-error.ts";
import { seconds } from "./container-status.ts";
import { EventCorrelation } from "./event-correlation.ts";
import type { Correlated } from "./event-correlation.ts";

/** What an event is about. */
export interface EventSubject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  /** `spec.containers{web}` */
  readonly fieldPath?: string;
}

export interface RecordedEvent {
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
  /** For programs that read it. */
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface EventRecorder {
  readonly record: (subject: EventSubject, event: RecordedEvent) => void;
  /** All events so far have been sent. */
  readonly flush: () => Promise<void>;
}

export interface EventRecorderOptions {
  readonly client: KubeClient;
  readonly node: string;
  readonly now: () => Date;
  readonly log: (line: string) => void;
}

interface Known {
  readonly path: string;
  count: number;
}

/** Distinct events remembered for counting; older ones are begun anew. */
const knownMax = 4096;

/** Sends events in order; one that was seen before is counted up. Events are hints: one that can't be sent is logged and left. */
export function createEventRecorder(options: EventRecorderOptions): EventRecorder {
  const known = new Map<string, Known>();
  const correlation = new EventCorrelation();
  let queue = Promise.resolve();
  return {
    record: (subject, event) => {
      const now = options.now();
      const correlated = correlation.correlate(subject, event, now);
      queue = queue
        .then(() => send(options, known, { subject, ...correlated, time: seconds(now) }))
        .catch((error: unknown) => options.log(`event ${event.reason} of ${subject.name}: ${messageOf(error)}`));
    },
    flush: () => queue,
  };
}

interface Occurrence extends Correlated {
  readonly subject: EventSubject;
  readonly time: string;
}

async function send(options: EventRecorderOptions, known: Map<string, Known>, occurrence: Occurrence): Promise<void> {
  const { subject, key, event, isTooMuch, time } = occurrence;
  const { annotations, ...said } = event;
  const { resourceVersion, ...lasting } = subject;
  const seen = known.get(key);
  if (seen !== undefined) {
    seen.count += 1;
    if (isTooMuch) return;
    const body = { count: seen.count, lastTimestamp: time, message: event.message };
    const answer = await options.client.request({
      method: "PATCH",
      path: seen.path,
      contentType: "application/merge-patch+json",
      body,
    });
    if (answer.status < 300) return;
  }
  if (isTooMuch) return;
  const namespace = subject.namespace ?? "default";
  const name = `${subject.name}.${randomBytes(8).toString("hex")}`;
  const folder = `/api/v1/namespaces/${namespace}/events`;
  const answer = await options.client.request({
    method: "POST",
    path: folder,
    body: {
      apiVersion: "v1",
      kind: "Event",
      metadata: { name, namespace, ...(annotations === undefined ? {} : { annotations }) },
      involvedObject: { ...lasting, ...(resourceVersion === undefined ? {} : { resourceVersion }) },
      ...said,
      source: { component: "kubelet", host: options.node },
      firstTimestamp: time,
      lastTimestamp: time,
      count: 1,
      reportingComponent: "kubelet",
      reportingInstance: options.node,
    },
  });
  if (answer.status >= 300) {
    // A namespace that is going away takes no more events.
    if (answer.status === 403 || answer.status === 404) return;
    throw new Error(`the API server answered ${answer.status}`);
  }
  if (known.size >= knownMax) known.clear();
  known.set(key, { path: `${folder}/${name}`, count: 1 });
}
