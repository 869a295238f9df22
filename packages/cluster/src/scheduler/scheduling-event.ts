import type { KubeClient } from "@fairway/kube-client";
import type { KubeObject } from "../object/kube-object.ts";
import { pathOf, resources, toMicroTimestamp } from "../loop/index.ts";
import type { Clock } from "../loop/index.ts";

export interface SchedulingEvent {
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly action: string;
  readonly note: string;
}

/** Repetitions that are counted; the oldest are forgotten. */
const rememberedMax = 4_096;

/** Writes the events of the scheduler, which are of the newer kind: a repeated one becomes a series. */
export class SchedulingEvents {
  private readonly client: KubeClient;
  private readonly clock: Clock;
  private readonly component: string;
  private readonly known = new Map<string, { name: string; count: number }>();
  private readonly underWay = new Set<Promise<void>>();
  private serial = 0;

  constructor(client: KubeClient, clock: Clock, component: string) {
    this.client = client;
    this.clock = clock;
    this.component = component;
  }

  say(about: KubeObject, event: SchedulingEvent, related?: KubeObject): void {
    const write = this.write(about, event, related);
    this.underWay.add(write);
    void write.finally(() => this.underWay.delete(write));
  }

  async flushed(): Promise<void> {
    await Promise.all(this.underWay);
  }

  private async write(about: KubeObject, event: SchedulingEvent, related: KubeObject | undefined): Promise<void> {
    const { namespace = "default", uid = "" } = about.metadata;
    const key = [uid, event.type, event.reason, event.action].join("\n");
    const now = toMicroTimestamp(this.clock.now());
    const repeated = this.known.get(key);
    try {
      if (repeated !== undefined) {
        repeated.count += 1;
        const answer = await this.client.request({
          method: "PATCH",
          path: pathOf(resources.seriesEvents, namespace, repeated.name),
          contentType: "application/merge-patch+json",
          body: { note: event.note, series: { count: repeated.count, lastObservedTime: now } },
        });
        if (answer.status < 300) return;
      }
      const name = this.nextName(about);
      this.remember(key, name);
      const body = this.eventOf(about, event, { name, namespace, now, related });
      await this.client.request({ method: "POST", path: pathOf(resources.seriesEvents, namespace), body });
    } catch {
      // An event is never worth more than the work it tells of; the pod's condition says the same.
      this.known.delete(key);
    }
  }

  private eventOf(
    about: KubeObject,
    event: SchedulingEvent,
    place: { name: string; namespace: string; now: string; related: KubeObject | undefined },
  ): unknown {
    return {
      apiVersion: "events.k8s.io/v1",
      kind: "Event",
      metadata: { name: place.name, namespace: place.namespace },
      eventTime: place.now,
      reportingController: this.component,
      reportingInstance: `${this.component}-fairway`,
      action: event.action,
      reason: event.reason,
      regarding: referenceTo(about),
      ...(place.related === undefined ? {} : { related: referenceTo(place.related) }),
      note: event.note.slice(0, 1024),
      type: event.type,
    };
  }

  private remember(key: string, name: string): void {
    this.known.delete(key);
    this.known.set(key, { name, count: 1 });
    for (const old of this.known.keys()) {
      if (this.known.size <= rememberedMax) break;
      this.known.delete(old);
    }
  }

  private nextName(about: KubeObject): string {
    this.serial = (this.serial + 1) % 1_000_000;
    const nanoseconds = BigInt(this.clock.now()) * 1_000_000n + BigInt(this.serial);
    return `${about.metadata.name ?? ""}.${nanoseconds.toString(16)}`;
  }
}

function referenceTo(object: KubeObject): unknown {
  const { name, namespace, uid, resourceVersion } = object.metadata;
  return { apiVersion: object.apiVersion, kind: object.kind, name, namespace, uid, resourceVersion };
}
