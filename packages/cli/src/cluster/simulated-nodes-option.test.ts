import assert from "node:assert/strict";
import { test } from "node:test";
import { simulatedNodesOf } from "./simulated-nodes-option.ts";

test("simulated nodes are a number, and a size if it isn't the usual one", () => {
  assert.deepEqual(simulatedNodesOf("3"), { count: 3, cpu: "4", memory: "16Gi" });
  assert.deepEqual(simulatedNodesOf("50:7.5,30Gi"), { count: 50, cpu: "7.5", memory: "30Gi" });
});

test("what is no such thing is refused with an example", () => {
  for (const text of ["", "x", "3:8", "3:8,", "-1", "3:eight,32Gi"])
    assert.throws(() => simulatedNodesOf(text), /is no N\[:CPU,MEMORY\]/, text);
  assert.throws(() => simulatedNodesOf("251"), /250 at most/);
});
