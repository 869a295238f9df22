import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubeClient, KubeWatchEvent } from "@fairway/kube-client";
import type { KubeObject } from "../object/kube-object.ts";
import { Informer } from "./informer.ts";
import { resources } from "./resource.ts";
import { ManualClock } from "./testing/manual-clock.ts";

function pod(name: string, resourceVersion: number, uid = name): KubeObject {
  const metadata = { name, namespace: "n", uid, resourceVersion: String(resourceVersion) };
  return { apiVersion: "v1", kind: "Pod", metadata };
}

/** Answers one list, and then what a test sends. */
class Source {
  readonly lists: string[] = [];
  items: KubeObject[];
  version: number;
  private readonly waiting: KubeWatchEvent[] = [];
  private wake = (): void => undefined;

  constructor(items: KubeObject[], version: number) {
    this.items = items;
    this.version = version;
  }

  tell(type: KubeWatchEvent["type"], object: unknown): void {
    this.waiting.push({ type, object });
    this.wake();
  }

  readonly client: KubeClient = {
    request: async ({ path }) => {
      this.lists.push(path);
      return { status: 200, body: { metadata: { resourceVersion: String(this.version) }, items: this.items } };
    },
    watch: (_path, _query, signal) => this.events(signal),
  };

  private async *events(signal: AbortSignal): AsyncIterable<KubeWatchEvent> {
    signal.addEventListener("abort", () => this.wake(), { once: true });
    while (!signal.aborted) {
      const event = this.waiting.shift();
      if (event !== undefined) yield event;
      else await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }
}

async function started(source: Source) {
  const ending = new AbortController();
  const informer = new Informer({
    client: source.client,
    resource: resources.pods,
    clock: new ManualClock(),
    random: () => 0,
    log: () => undefined,
  });
  const changes: string[] = [];
  const seen = new Set<() => void>();
  informer.onChange(({ type, object }) => {
    changes.push(`${type} ${object.metadata.name ?? ""}`);
    for (const wake of seen) wake();
  });
  const run = informer.start(ending.signal);
  await informer.ready;
  const until = async (count: number) => {
    while (changes.length < count) {
      await new Promise<void>((resolve) => {
        seen.add(resolve);
      });
    }
  };
  return { informer, changes, until, end: () => (ending.abort(), run) };
}

test("what is listed and watched is known, and each change is told once", async () => {
  const source = new Source([pod("a", 1)], 5);
  const { informer, changes, until, end } = await started(source);
  source.tell("ADDED", pod("b", 6));
  await until(2);
  source.tell("MODIFIED", pod("b", 6));
  source.tell("DELETED", pod("a", 7));
  await until(3);
  assert.deepEqual(changes, ["added a", "added b", "deleted a"]);
  assert.deepEqual(
    informer.list("n").map(({ metadata }) => metadata.name),
    ["b"],
  );
  await end();
});

test("an answer to an own write is known at once, and what the watch tells of it later changes nothing", async () => {
  const source = new Source([], 5);
  const { informer, changes, until, end } = await started(source);
  informer.observe(pod("a", 9));
  assert.equal(informer.get("n", "a")?.metadata.resourceVersion, "9");
  source.tell("ADDED", pod("a", 8));
  source.tell("ADDED", pod("b", 10));
  await until(2);
  assert.deepEqual(changes, ["added a", "added b"]);
  await end();
});

test("a late answer doesn't bring back what the watch said has gone", async () => {
  const source = new Source([pod("a", 1)], 5);
  const { informer, until, end } = await started(source);
  source.tell("DELETED", pod("a", 7));
  await until(2);
  informer.observe(pod("a", 6));
  assert.equal(informer.get("n", "a"), undefined);
  await end();
});

test("another object of the same name is told as one that went and one that came", async () => {
  const source = new Source([pod("a", 1)], 5);
  const { changes, until, end } = await started(source);
  source.tell("MODIFIED", pod("a", 9, "another"));
  await until(3);
  assert.deepEqual(changes, ["added a", "deleted a", "added a"]);
  await end();
});

test("when the past has been forgotten everything is listed anew, and what is missing has gone", async () => {
  const source = new Source([pod("a", 1), pod("b", 2)], 5);
  const { changes, until, end } = await started(source);
  source.items = [pod("b", 2), pod("c", 8)];
  source.version = 9;
  source.tell("ERROR", { kind: "Status", code: 410, reason: "Expired", message: "too old resource version" });
  await until(4);
  assert.deepEqual(changes.slice(2).sort(), ["added c", "deleted a"]);
  assert.equal(source.lists.length, 2);
  await end();
});
