import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod } from "../pods/pod.ts";
import { noPressure } from "../upkeep/node-pressure.ts";
import { hasNodeDemands, portRefusal, refusalOf } from "./node-admission.ts";

const allocatable = { cpu: "2", memory: "1Gi", "ephemeral-storage": "10Gi", pods: "3" };

function pod(name: string, spec: Partial<Pod["spec"]> = {}, labels: Record<string, string> = {}): Pod {
  const metadata = { name, namespace: "default", uid: name, labels };
  return { apiVersion: "v1", kind: "Pod", metadata, spec: { containers: [{ name: "c", image: "i" }], ...spec } };
}

function asking(name: string, requests: Record<string, string>): Pod {
  return pod(name, { containers: [{ name: "c", image: "i", resources: { requests } }] });
}

function refusal(asked: Pod, others: readonly Pod[] = []): string | undefined {
  const found = refusalOf(asked, { pressure: noPressure(), allocatable, others });
  return found === undefined ? undefined : `${found.reason}: ${found.message}`;
}

test("a pod that whoever bound it did not count is told what there is too little of, in the units of the kubelet", () => {
  const other = asking("other", { cpu: "500m", memory: "512Mi" });
  assert.equal(refusal(asking("p", { cpu: "1500m", memory: "512Mi", "a.b/c": "9" }), [other]), undefined);
  assert.equal(
    refusal(asking("p", { cpu: "1501m" }), [other]),
    "OutOfcpu: Node didn't have enough resource: cpu, requested: 1501, used: 500, capacity: 2000",
  );
  assert.equal(
    refusal(asking("p", { memory: "513Mi" }), [other]),
    "OutOfmemory: Node didn't have enough resource: memory, requested: 537919488, used: 536870912, capacity: 1073741824",
  );
  assert.equal(
    refusal(pod("p"), [other, pod("q"), pod("r")]),
    "OutOfpods: Node didn't have enough resource: pods, requested: 1, used: 3, capacity: 3",
  );
});

test("a pod for another system, or with a setting that would harm others, isn't taken", () => {
  assert.equal(
    refusal(pod("p", { os: { name: "windows" } })),
    "PodOSNotSupported: Failed to admit pod as the OS field doesn't match node OS",
  );
  assert.match(refusal(pod("p", {}, { "kubernetes.io/os": "plan9" })) ?? "", /^PodOSSelectorNodeLabelDoesNotMatch: /u);
  assert.equal(refusal(pod("p", { os: { name: "linux" } })), undefined);
  assert.equal(
    refusal(pod("p", { securityContext: { sysctls: [{ name: "kernel.msgmax", value: "1" }] } })),
    'SysctlForbidden: forbidden sysctl: "kernel.msgmax" not allowlisted',
  );
});

test("only for pods that demand something of its labels the node has to be read", () => {
  assert.equal(hasNodeDemands(pod("p", { affinity: { podAffinity: {} } })), false);
  assert.equal(hasNodeDemands(pod("p", { nodeSelector: { disk: "ssd" } })), true);
});

test("a port of the machine is had by one pod", () => {
  const on = (name: string, hostIP: string): Pod =>
    pod(name, { containers: [{ name: "c", image: "i", ports: [{ containerPort: 1, hostPort: 80, hostIP }] }] });
  assert.equal(portRefusal(on("a", "127.0.0.1"), [on("b", "127.0.0.2")]), undefined);
  assert.equal(portRefusal(on("a", "127.0.0.1"), [on("b", "")])?.reason, "NodePorts");
});
