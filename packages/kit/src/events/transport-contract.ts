import assert from "node:assert/strict";
import { test } from "node:test";
import { cloudEvent } from "./cloud-event.ts";
import type { CloudEvent } from "./cloud-event.ts";
import type { EventTransport } from "./event-transport.ts";

/** What every transport promises. `open` gives one more participant of the same exchange; each test has its own group. */
export function transportContract(name: string, open: () => Promise<EventTransport>): void {
  const withTransports: WithTransports = (title, count, run) => {
    test(`${name}: ${title}`, async () => {
      const transports = await Promise.all(Array.from({ length: count }, open));
      try {
        await run(transports);
      } finally {
        await Promise.all(transports.map((each) => each.close()));
      }
    });
  };
  for (const promise of [deliveries, orderOfSubjects, sameEventTwice, deadLetters, replays, closing]) {
    promise(withTransports);
  }
}

type WithTransports = (title: string, count: number, run: (transports: EventTransport[]) => Promise<void>) => void;

function deliveries(withTransports: WithTransports): void {
  withTransports("delivers to every group, and within a group to one replica", 3, async (transports) => {
    const [shared, alone] = [newGroup(), newGroup()];
    const seen = collector();
    const others = collector();
    for (const transport of transports) await transport.subscribe({ group: shared, types: ["Made"] }, seen.handler);
    await only(transports).subscribe({ group: alone, types: ["Made"] }, others.handler);
    const events = series("Made", 20, (index) => `${shared}-${index}`);
    await only(transports).publish(events);
    await Promise.all([seen.until(20), others.until(20)]);
    assert.deepEqual(seen.ids().toSorted(), events.map(({ id }) => id).toSorted());
  });

  withTransports("delivers only the types that a group asked for", 1, async (transports) => {
    const transport = only(transports);
    const seen = collector();
    await transport.subscribe({ group: newGroup(), types: ["Wanted", "AlsoWanted"] }, seen.handler);
    const [wanted, unwanted, also] = [event("Wanted", "a"), event("Unwanted", "a"), event("AlsoWanted", "a")];
    await transport.publish([wanted, unwanted, also]);
    await seen.until(2);
    assert.deepEqual(seen.ids(), [wanted.id, also.id]);
  });

  withTransports("carries an event as it is", 1, async (transports) => {
    const seen = collector();
    await only(transports).subscribe({ group: newGroup(), types: ["Exact"] }, seen.handler);
    const sent = cloudEvent({
      source: "/test",
      type: "Exact",
      subject: "ü/1 x",
      data: { text: 'a"\u0000b'.replace("\u0000", ""), n: 1.5, list: [null] },
    });
    await only(transports).publish([sent]);
    await seen.until(1);
    assert.deepEqual(seen.events[0], sent);
  });
}

function orderOfSubjects(withTransports: WithTransports): void {
  withTransports(
    "keeps the order of each subject with several replicas and failures in between",
    3,
    async (transports) => {
      const group = newGroup();
      const subjects = ["a", "b", "c", "d"].map((letter) => `${group}-${letter}`);
      const seen = collector();
      let calls = 0;
      for (const transport of transports) {
        await transport.subscribe({ group, types: ["Step"], retryBaseMs: 1 }, async (each) => {
          calls += 1;
          // Every third call fails, so later events of a subject are waiting while an earlier one is tried again.
          if (calls % 3 === 0) throw new Error("not now");
          await seen.handler(each);
        });
      }
      const events = series("Step", 40, (index) => subjects[index % subjects.length] ?? "");
      await only(transports).publish(events.slice(0, 20));
      await only(transports).publish(events.slice(20));
      await seen.until(40);
      for (const subject of subjects) {
        const order = seen.events.filter((each) => each.subject === subject).map(({ id }) => id);
        assert.deepEqual(
          order,
          events.filter((each) => each.subject === subject).map(({ id }) => id),
        );
      }
    },
  );
}

function sameEventTwice(withTransports: WithTransports): void {
  withTransports("stores an event that is published twice once", 1, async (transports) => {
    const seen = collector();
    await only(transports).subscribe({ group: newGroup(), types: ["Twice"] }, seen.handler);
    const [twice, last] = [event("Twice", "same"), event("Twice", "same")];
    await only(transports).publish([twice]);
    await only(transports).publish([twice]);
    await only(transports).publish([last]);
    await seen.until(2);
    assert.deepEqual(seen.ids(), [twice.id, last.id]);
  });
}

function deadLetters(withTransports: WithTransports): void {
  withTransports(
    "gives up after the last attempt, keeps the event, goes on, and gives it back when asked",
    1,
    async (transports) => {
      const transport = only(transports);
      const group = newGroup();
      const attempts: number[] = [];
      let healed = false;
      const seen = collector();
      await transport.subscribe({ group, types: ["Poison"], attemptsMax: 3, retryBaseMs: 1 }, async (each, context) => {
        if (each.data === "bad" && !healed) {
          attempts.push(context.attempt);
          throw new Error("cannot handle this");
        }
        await seen.handler(each);
      });
      const bad = cloudEvent({ source: "/test", type: "Poison", subject: group, data: "bad" });
      const good = cloudEvent({ source: "/test", type: "Poison", subject: group, data: "good" });
      await transport.publish([bad, good]);
      await seen.until(1);
      assert.deepEqual(seen.ids(), [good.id]);
      assert.deepEqual(attempts, [1, 2, 3]);
      const letters = await transport.deadLetters(group);
      assert.deepEqual(
        letters.map((letter) => letter.event),
        [bad],
      );
      assert.match(letters[0]?.error ?? "", /cannot handle this/);
      healed = true;
      assert.equal(await transport.replayDeadLetters(group, ["another id"]), 0);
      assert.equal(await transport.replayDeadLetters(group), 1);
      await seen.until(2);
      assert.deepEqual(await transport.deadLetters(group), []);
    },
  );
}

function replays(withTransports: WithTransports): void {
  withTransports(
    "does not give a new group the past, and gives it when a replay is asked for",
    1,
    async (transports) => {
      const transport = only(transports);
      const [group, other] = [newGroup(), newGroup()];
      const since = new Date(Date.now() - 1_000);
      const past = [event("Past", group), event("Past", group)];
      const others = collector();
      await transport.subscribe({ group: other, types: ["Past"] }, others.handler);
      await transport.publish(past);
      await others.until(2);
      const seen = collector();
      await transport.subscribe({ group, types: ["Past"] }, seen.handler);
      const now = event("Past", group);
      await transport.publish([now]);
      await seen.until(1);
      assert.deepEqual(seen.ids(), [now.id]);
      assert.equal(await transport.replay({ group, since, types: ["Past"] }), 3);
      await seen.until(4);
      assert.deepEqual(seen.ids(), [now.id, ...past.map(({ id }) => id), now.id]);
      assert.equal(others.events.length, 3);
    },
  );

  withTransports("delivers what came while nobody of the group was there", 2, async (transports) => {
    const [first, second] = transports;
    assert.ok(first && second);
    const group = newGroup();
    const seen = collector();
    const subscription = await first.subscribe({ group, types: ["Missed"] }, seen.handler);
    await subscription.close();
    const missed = event("Missed", group);
    await second.publish([missed]);
    await second.subscribe({ group, types: ["Missed"] }, seen.handler);
    await seen.until(1);
    assert.deepEqual(seen.ids(), [missed.id]);
  });
}

function closing(withTransports: WithTransports): void {
  withTransports("waits for the handler under way when it is closed", 1, async (transports) => {
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const { promise: gate, resolve: open_ } = Promise.withResolvers<void>();
    let finished = false;
    const subscription = await only(transports).subscribe({ group: newGroup(), types: ["Slow"] }, async () => {
      begin();
      await gate;
      finished = true;
    });
    await only(transports).publish([event("Slow", "s")]);
    await begun;
    const closing = subscription.close();
    open_();
    await closing;
    assert.equal(finished, true);
  });
}

let groups = 0;

function newGroup(): string {
  return `group-${process.pid}-${(groups += 1)}`;
}

function only(transports: EventTransport[]): EventTransport {
  const [first] = transports;
  assert.ok(first);
  return first;
}

function event(type: string, subject: string): CloudEvent {
  return cloudEvent({ source: "/test", type, subject, data: {} });
}

function series(type: string, count: number, subjectOf: (index: number) => string): CloudEvent[] {
  return Array.from({ length: count }, (_, index) => event(type, subjectOf(index)));
}

function collector() {
  const events: CloudEvent[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  return {
    events,
    ids: () => events.map(({ id }) => id),
    handler: async (each: CloudEvent): Promise<void> => {
      events.push(each);
      for (const { count, resolve } of waiting) if (events.length >= count) resolve();
    },
    until(count: number): Promise<void> {
      const { promise, resolve } = Promise.withResolvers<void>();
      if (events.length >= count) resolve();
      else waiting.push({ count, resolve });
      return promise;
    },
  };
}
