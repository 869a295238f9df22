import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { faults } from "./data/faults.ts";
import type { WireMessage } from "./fault.ts";
import { randomFrom } from "./measure-faults.ts";

const object = {
  kind: "Pod",
  apiVersion: "v1",
  metadata: { name: "a", namespace: "n", uid: "6f1c2f0e-58a2-4c2b-9d1e-0123456789ab", resourceVersion: "7" },
  spec: { replicas: 1, paused: true, list: [1, 2], text: "x" },
};

function answered(body: unknown, status = 200): WireMessage {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

function named(name: string): (message: WireMessage) => WireMessage | undefined {
  const fault = faults.find((each) => each.name === name);
  assert.ok(fault, name);
  return (message) => fault.apply(message, randomFrom("seed"));
}

describe("the catalogue of faults", () => {
  test("has at least sixty, each under a name of its own", () => {
    assert.ok(faults.length >= 60, `${faults.length} faults`);
    assert.equal(new Set(faults.map(({ name }) => name)).size, faults.length);
  });

  test("changes what a fault says, and nothing else", () => {
    const changed = named("an object without a uid")(answered(object));
    const { uid: _uid, ...metadata } = object.metadata;
    assert.ok(_uid);
    assert.deepEqual(JSON.parse(changed?.body ?? ""), { ...object, metadata });
    assert.equal(named("404 for 405")(answered(object, 405))?.status, 404);
  });

  test("leaves alone where a fault has nothing to change", () => {
    assert.equal(named("one cause less")(answered(object)), undefined);
    assert.equal(named("without the header warning")(answered(object)), undefined);
    assert.equal(named("a watch that loses an event")(answered(object)), undefined);
    assert.equal(named("an object without labels")({ status: 200, headers: {}, body: "no JSON" }), undefined);
  });

  test("reaches the objects in lists and in watches", () => {
    const listed = named("an object without a uid")(answered({ items: [object, object] }));
    assert.equal(listed?.body.match(/"uid"/gu)?.length, 1);
    const event = named("an object of another name")(answered({ type: "ADDED", object }));
    assert.match(event?.body ?? "", /"name":"ax"/u);
  });

  test("whatever it changes is another answer than before", () => {
    const messages = [
      answered(object),
      answered({ kind: "PodList", metadata: { resourceVersion: "1" }, items: [object, { ...object, kind: "Other" }] }),
      answered({ type: "MODIFIED", object }),
      answered(
        { kind: "Status", status: "Failure", message: 'pods "a" not found', code: 404, reason: "NotFound" },
        404,
      ),
    ];
    for (const fault of faults) {
      for (const message of messages) {
        const changed = fault.apply(message, randomFrom("seed"));
        if (changed !== undefined) assert.notDeepEqual(changed, message, fault.name);
      }
    }
  });

  test("is the same for the same seed", () => {
    const [first, second, other] = [randomFrom("1"), randomFrom("1"), randomFrom("2")];
    const drawn = [first(), first()];
    assert.deepEqual(drawn, [second(), second()]);
    assert.notEqual(drawn[0], other());
  });
});
