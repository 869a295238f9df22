import assert from "node:assert/strict";
import { test } from "node:test";
import type { PodSpec } from "../../schema/data/types/core-v1.ts";
import { nameWarnings, OF_THE_POD, podWarnings } from "./pod-warnings.ts";

function warningsOf(spec: Partial<PodSpec> & { containers: unknown }, annotations: Record<string, string> = {}) {
  return podWarnings({ metadata: { annotations }, spec: spec as PodSpec });
}

test("says nothing of a pod as it should be", () => {
  const ports = [{ containerPort: 80, protocol: "TCP" }];
  assert.deepEqual(warningsOf({ containers: [{ name: "c", image: "i", resources: {}, ports }] }), []);
});

test("warns of a variable that hides an earlier one, not of one that adds to it", () => {
  const env = [
    { name: "A", value: "1" },
    { name: "A", value: "$(A)2" },
    { name: "A", value: "3" },
  ];
  assert.deepEqual(warningsOf({ containers: [{ name: "c", resources: {}, env }] }), [
    'spec.containers[0].env[2]: hides previous definition of "A", which may be dropped when using apply',
  ]);
});

test("warns of ports and names of ports that are there twice, also in another container", () => {
  const port = { name: "web", containerPort: 80, protocol: "TCP" };
  const containers = ["a", "b"].map((name) => ({ name, resources: {}, ports: [port] }));
  const [first, second] = ["spec.containers[0].ports[0]", "spec.containers[1].ports[0]"];
  assert.deepEqual(warningsOf({ containers }), [
    `${second}: duplicate port definition with ${first}`,
    `${second}: duplicate port name "web" with ${first}, services and probes that select ports by name will use ${first}`,
  ]);
});

test("warns of labels of nodes that have another name now, and of bytes by halves", () => {
  const resources = { limits: { memory: "1500m" } };
  const nodeSelector = { "beta.kubernetes.io/os": "linux" };
  assert.deepEqual(warningsOf({ nodeSelector, containers: [{ name: "c", resources }] }), [
    'spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead',
    'spec.containers[0].resources.limits[memory]: fractional byte value "1500m" is invalid, must be an integer',
  ]);
});

test("recommends a name that fits into the network", () => {
  assert.deepEqual(nameWarnings("a.b", OF_THE_POD), [
    "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]",
  ]);
});
