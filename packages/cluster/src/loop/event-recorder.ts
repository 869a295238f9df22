import type { KubeClient } from "@fairway/kube-client";
import type { KubeObject } from "../object/kube-object.ts";
import { toTimestamp } from "./clock.ts";
import type { Clock } from "./clock.ts";
import {
  countedEventsMax,
  eventBurst,
  eventRefillMs,
  eventsUnderWayMax,
  similarEventsMax,
  similarEventsMs,
} from "./limits.ts";
import { pathOf, resources } from "./resource.ts";

export interface EventRecorder {
  readonly normal: (about: KubeObject, reason: string, message: string) => void;
  readonly warning: (about: KubeObject, reason: string, message: string) => void;
}

export interface EventSinkOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: (message: string) => void;
  readonly manager: string;
}

interface Said {
  readonly component: string;
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
}

interface Counted {
  readonly name: string;
  readonly firstTimestamp: string;
  count: number;
}

/**
 * Writes events: the same one again is counted instead, many that differ only in their words become one, and who says too much about one
 * object is cut short. An event that can't be written is dropped.
 */
export class EventSink {
  private readonly options: EventSinkOptions;
  private readonly counted = new Map<string, Counted>();
  private readonly similar = new Map<string, { messages: Set<string>; lastMs: number }>();
  private readonly allowances = new Map<string, { left: number; at: number }>();
  private readonly underWay = new Set<Promise<void>>();
  private readonly chains = new Map<string, Promise<void>>();
  private serial = 0;

  constructor(options: EventSinkOptions) {
    this.options = options;
  }

  of(component: string): EventRecorder {
    return {
      normal: (about, reason, message) => this.say(about, { component, type: "Normal", reason, message }),
      warning: (about, reason, message) => this.say(about, { component, type: "Warning", reason, message }),
    };
  }

  /** Resolves when all that was said is written. */
  async flushed(): Promise<void> {
    await Promise.all(this.underWay);
  }

  private say(about: KubeObject, said: Said): void {
    if (this.underWay.size >= eventsUnderWayMax) return;
    const subject = [
      said.component,
      about.kind,
      about.metadata.namespace,
      about.metadata.name,
      about.metadata.uid,
    ].join("\n");
    const message = this.joinSimilar(subject, said);
    if (!this.mayStillSpeak(subject)) return;
    const key = [subject, said.type, said.reason, message].join("\n");
    // One after another for the same event, so that the count is right.
    const write = (this.chains.get(key) ?? Promise.resolve()).then(() => this.write(key, about, { ...said, message }));
    this.chains.set(key, write);
    this.underWay.add(write);
    void write.finally(() => {
      this.underWay.delete(write);
      if (this.chains.get(key) === write) this.chains.delete(key);
    });
  }

  private joinSimilar(subject: string, said: Said): string {
    const key = [subject, said.type, said.reason].join("\n");
    const now = this.options.clock.now();
    const known = this.similar.get(key);
    const entry =
      known === undefined || now - known.lastMs > similarEventsMs
        ? { messages: new Set<string>(), lastMs: now }
        : known;
    entry.lastMs = now;
    if (entry.messages.size < similarEventsMax) entry.messages.add(said.message);
    this.similar.delete(key);
    this.similar.set(key, entry);
    trim(this.similar);
    if (entry.messages.size < similarEventsMax || entry.messages.has(said.message)) return said.message;
    return `(combined from similar events): ${said.message}`;
  }

  private mayStillSpeak(subject: string): boolean {
    const now = this.options.clock.now();
    const known = this.allowances.get(subject) ?? { left: eventBurst, at: now };
    const left = Math.min(eventBurst, known.left + (now - known.at) / eventRefillMs);
    this.allowances.delete(subject);
    this.allowances.set(subject, { left: left >= 1 ? left - 1 : left, at: now });
    trim(this.allowances);
    return left >= 1;
  }

  private async write(key: string, about: KubeObject, said: Said): Promise<void> {
    const now = toTimestamp(this.options.clock.now());
    try {
      const known = this.counted.get(key);
      if (known !== undefined && (await this.countAgain(known, about, now))) return;
      const entry: Counted = { name: this.nextName(about), firstTimestamp: now, count: 1 };
      this.counted.delete(key);
      this.counted.set(key, entry);
      trim(this.counted);
      await this.create(entry, about, said);
    } catch (error) {
      this.options.log(`An event was lost: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  private async countAgain(known: Counted, about: KubeObject, now: string): Promise<boolean> {
    known.count += 1;
    const answer = await this.options.client.request({
      method: "PATCH",
      path: pathOf(resources.events, namespaceFor(about), known.name),
      query: { fieldManager: this.options.manager },
      contentType: "application/strategic-merge-patch+json",
      body: { count: known.count, lastTimestamp: now },
    });
    return answer.status < 300;
  }

  private async create(entry: Counted, about: KubeObject, said: Said): Promise<void> {
    const namespace = namespaceFor(about);
    await this.options.client.request({
      method: "POST",
      path: pathOf(resources.events, namespace),
      query: { fieldManager: this.options.manager },
      body: {
        apiVersion: "v1",
        kind: "Event",
        metadata: { name: entry.name, namespace },
        involvedObject: {
          apiVersion: about.apiVersion,
          kind: about.kind,
          name: about.metadata.name,
          namespace: about.metadata.namespace,
          uid: about.metadata.uid,
          resourceVersion: about.metadata.resourceVersion,
        },
        reason: said.reason,
        message: said.message.slice(0, 1024),
        type: said.type,
        source: { component: said.component },
        reportingComponent: said.component,
        firstTimestamp: entry.firstTimestamp,
        lastTimestamp: entry.firstTimestamp,
        count: entry.count,
      },
    });
  }

  /** As client-go names them: the time in hexadecimal nanoseconds after the object's name. */
  private nextName(about: KubeObject): string {
    this.serial = (this.serial + 1) % 1_000_000;
    const nanoseconds = BigInt(this.options.clock.now()) * 1_000_000n + BigInt(this.serial);
    return `${about.metadata.name ?? ""}.${nanoseconds.toString(16)}`;
  }
}

/** Events about what has no namespace are in the default one. */
function namespaceFor(about: KubeObject): string {
  const { namespace } = about.metadata;
  return namespace === undefined || namespace === "" ? "default" : namespace;
}

function trim(map: Map<string, unknown>): void {
  for (const key of map.keys()) {
    if (map.size <= countedEventsMax) return;
    map.delete(key);
  }
}
