import assert from "node:assert/strict";
import { test } from "node:test";
import type { Node, Taint } from "../../model/node.ts";
import { wantedTaints } from "./node-taints.ts";

const time = "2026-01-01T00:00:00Z";

function node(ready: "True" | "False" | "Unknown", taints: readonly Taint[] = []): Node {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: "n" },
    spec: { taints },
    status: { conditions: [{ type: "Ready", status: ready }] },
  };
}

test("a silent node keeps new pods away and sends those that are there away", () => {
  const taints = wantedTaints(node("Unknown"), true, time) ?? [];
  assert.deepEqual(
    taints.map(({ key, effect }) => `${key}:${effect}`),
    ["node.kubernetes.io/unreachable:NoSchedule", "node.kubernetes.io/unreachable:NoExecute"],
  );
});

test("where no node is ready nobody is sent away", () => {
  const taints = wantedTaints(node("Unknown"), false, time) ?? [];
  assert.deepEqual(
    taints.map(({ effect }) => effect),
    ["NoSchedule"],
  );
});

test("a node that is ready again loses these taints and keeps those of others", () => {
  const own: Taint = { key: "example.com/mine", effect: "NoExecute" };
  const old: Taint = { key: "node.kubernetes.io/not-ready", effect: "NoExecute", timeAdded: time };
  assert.deepEqual(wantedTaints(node("True", [own, old]), true, time), [own]);
});

test("nothing is written when the taints are right", () => {
  assert.equal(wantedTaints(node("True"), true, time), undefined);
});
