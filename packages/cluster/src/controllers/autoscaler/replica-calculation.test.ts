import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod } from "../../model/pod.ts";
import { replicasForUtilization, replicasForValue } from "./replica-calculation.ts";

const now = Date.parse("2026-01-01T12:00:00Z");

function pod(name: string, status: Pod["status"] = {}): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name },
    spec: { containers: [{ name: "c", resources: { requests: { cpu: "100m", memory: "100Mi" } } }] },
    status: {
      phase: "Running",
      startTime: "2026-01-01T10:00:00Z",
      conditions: [{ type: "Ready", status: "True", lastTransitionTime: "2026-01-01T10:00:05Z" }],
      ...status,
    },
  };
}

function measured(pods: readonly Pod[], values: Record<string, number>, resource = "cpu") {
  return {
    pods,
    metrics: new Map(Object.entries(values).map(([name, value]) => [name, { value, atMs: now, windowMs: 30_000 }])),
    resource,
    container: undefined,
    current: pods.length,
    tolerances: { up: 0.1, down: 0.1 },
    now,
  };
}

test("so many that all use about the wanted percentage", () => {
  const proposal = replicasForUtilization(measured([pod("a"), pod("b")], { a: 150, b: 150 }), 50);
  assert.deepEqual(proposal, { replicas: 6, utilization: 150, average: 150 });
});

test("a difference within the tolerance changes nothing", () => {
  assert.equal(replicasForUtilization(measured([pod("a"), pod("b")], { a: 53, b: 53 }), 50).replicas, 2);
});

test("a pod of which nothing is known counts as fully used before anything is taken away", () => {
  const pods = [pod("a"), pod("b"), pod("c")];
  assert.equal(replicasForUtilization(measured(pods, { a: 10, b: 10 }), 50).replicas, 3);
  assert.equal(replicasForUtilization(measured(pods, { a: 10, b: 10, c: 10 }), 50).replicas, 1);
});

test("a pod that has just begun counts as unused before anything is added", () => {
  const fresh = pod("b", { startTime: "2026-01-01T11:59:30Z", conditions: [{ type: "Ready", status: "False" }] });
  assert.equal(replicasForUtilization(measured([pod("a"), fresh], { a: 100, b: 400 }), 50).replicas, 2);
});

test("an amount instead of a percentage needs no requests", () => {
  assert.equal(replicasForValue(measured([pod("a")], { a: 300 }), "100m").replicas, 3);
});

test("without a request there is nothing to take a percentage of", () => {
  const bare: Pod = { ...pod("a"), spec: { containers: [{ name: "c" }] } };
  assert.throws(
    () => replicasForUtilization(measured([bare], { a: 1 }), 50),
    /missing request for cpu in container c of Pod a/u,
  );
});
