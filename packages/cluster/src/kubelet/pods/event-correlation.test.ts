import assert from "node:assert/strict";
import { test } from "node:test";
import { eventLimits } from "../limits.ts";
import { EventCorrelation } from "./event-correlation.ts";

const subject = { apiVersion: "v1", kind: "Pod", name: "p", namespace: "default", uid: "u" };

function teller(): (message: string, seconds: number, reason?: string) => string | undefined {
  const correlation = new EventCorrelation();
  return (message, seconds, reason = "Unhealthy") => {
    const event = { type: "Warning", reason, message } as const;
    const { event: told, isTooMuch } = correlation.correlate(subject, event, new Date(seconds * 1000));
    return isTooMuch ? undefined : told.message;
  };
}

test("events that differ in their message alone become one from the tenth on, for as long as they go on", () => {
  const tell = teller();
  for (let each = 1; each < eventLimits.similarMax; each += 1) assert.equal(tell(`${each}`, each), `${each}`);
  assert.equal(tell("10", 10), "(combined from similar events): 10");
  assert.equal(tell("x", 10, "Other"), "x");
  assert.equal(tell("11", 11 + eventLimits.similarMs / 1000), "11");
});

test("an object to which something happens all the time is told of now and then", () => {
  const tell = teller();
  for (let each = 0; each < eventLimits.burst; each += 1) assert.equal(tell("same", each), "same");
  assert.equal(tell("same", 25), undefined);
  assert.equal(tell("same", 24 + eventLimits.refillMs / 1000), "same");
  assert.equal(tell("same", 26 + eventLimits.refillMs / 1000), undefined);
});

test("what is the same is counted together, whatever the object's revision is", () => {
  const correlation = new EventCorrelation();
  const event = { type: "Normal", reason: "Pulled", message: "m" } as const;
  const key = (more: object): string => correlation.correlate({ ...subject, ...more }, event, new Date(0)).key;
  assert.equal(key({ resourceVersion: "1" }), key({ resourceVersion: "2" }));
  assert.notEqual(key({ fieldPath: "spec.containers{a}" }), key({ fieldPath: "spec.containers{b}" }));
});
