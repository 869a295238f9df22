import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod } from "./pod.ts";
import { formatQuantity } from "./quantity.ts";
import { claimUsage, podMatchesScope, podUsage, serviceUsage } from "./quota-usage.ts";
import type { Usages } from "./quota-usage.ts";

function texts(usages: Usages): Record<string, string> {
  return Object.fromEntries([...usages].map(([name, { amount, family }]) => [name, formatQuantity(amount, family)]));
}

function pod(fields: { spec?: Partial<Pod["spec"]>; status?: Pod["status"]; metadata?: Pod["metadata"] } = {}): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p", ...fields.metadata },
    spec: {
      containers: [{ name: "c", resources: { requests: { cpu: "500m", memory: "1Gi" }, limits: { cpu: "1" } } }],
      ...fields.spec,
    },
    ...(fields.status === undefined ? {} : { status: fields.status }),
  };
}

test("a pod counts by what it requests, under both names", () => {
  assert.deepEqual(texts(podUsage(pod(), 0)), {
    "count/pods": "1",
    pods: "1",
    cpu: "500m",
    "requests.cpu": "500m",
    memory: "1Gi",
    "requests.memory": "1Gi",
    "limits.cpu": "1",
  });
});

test("of a pod that has ended, or should have, only the object counts", () => {
  assert.deepEqual(texts(podUsage(pod({ status: { phase: "Succeeded" } }), 0)), { "count/pods": "1" });
  const metadata = { deletionTimestamp: "2026-01-01T00:00:00Z", deletionGracePeriodSeconds: 30 };
  const late = Date.parse("2026-01-01T00:01:00Z");
  assert.deepEqual(texts(podUsage(pod({ metadata }), late)), { "count/pods": "1" });
});

test("a balanced service counts its node ports as well, unless it wants none", () => {
  const service = (spec: object) => ({ apiVersion: "v1", kind: "Service", metadata: {}, spec });
  const ports = [{ nodePort: 0 }, { nodePort: 30_000 }];
  assert.equal(texts(serviceUsage(service({ type: "LoadBalancer", ports })))["services.nodeports"], "2");
  const none = service({ type: "LoadBalancer", ports, allocateLoadBalancerNodePorts: false });
  assert.equal(texts(serviceUsage(none))["services.nodeports"], "1");
  assert.equal(texts(serviceUsage(service({ type: "ClusterIP", ports })))["services.nodeports"], "0");
});

test("a claim counts for its class by itself", () => {
  const spec = { storageClassName: "gold", resources: { requests: { storage: "5Gi" } } };
  const usages = texts(claimUsage({ apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: {}, spec }));
  assert.equal(usages["requests.storage"], "5Gi");
  assert.equal(usages["gold.storageclass.storage.k8s.io/requests.storage"], "5Gi");
});

test("scopes are told apart by priority, deadline and quality", () => {
  const urgent = pod({ spec: { priorityClassName: "urgent", activeDeadlineSeconds: 5 } });
  const wanted = { scopeName: "PriorityClass", operator: "In", values: ["urgent"] } as const;
  assert.ok(podMatchesScope(urgent, wanted));
  assert.ok(!podMatchesScope(pod(), wanted));
  assert.ok(podMatchesScope(urgent, { scopeName: "Terminating" }));
  assert.ok(podMatchesScope(pod({ spec: { containers: [{ name: "c" }] } }), { scopeName: "BestEffort" }));
  assert.ok(podMatchesScope(pod(), { scopeName: "NotBestEffort" }));
});
