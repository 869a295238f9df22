import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubeObject } from "../../object/kube-object.ts";
import { serviceTable } from "./service-table.ts";
import { slicesOfPods } from "./slices-of-pods.ts";

function pod(name: string, address: string, ready: "True" | "False" = "True"): KubeObject {
  const metadata = { name, namespace: "default", labels: { app: "web" } };
  const spec = { containers: [{ ports: [{ name: "web", containerPort: 3000 }] }] };
  const status = { podIP: address, phase: "Running", conditions: [{ type: "Ready", status: ready }] };
  return { apiVersion: "v1", kind: "Pod", metadata, spec, status } as KubeObject;
}

const service = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web", namespace: "default" },
  spec: {
    clusterIP: "10.96.1.1",
    selector: { app: "web" },
    ports: [{ port: 80, targetPort: "web", protocol: "TCP" }],
  },
} as KubeObject;

test("a service finds ready pods on loopback addresses, and their ports by name", () => {
  const slices = slicesOfPods([service], [pod("a", "127.64.0.1"), pod("b", "127.64.0.2", "False")]);
  const [port] = serviceTable([service], slices);
  assert.deepEqual(port?.endpoints, [{ address: "127.64.0.1", port: 3000 }]);
});

test("pods with addresses that an EndpointSlice can hold are left to it", () => {
  assert.deepEqual(slicesOfPods([service], [pod("a", "10.1.0.2")]), []);
});

test("pods of another namespace or with other labels don't answer", () => {
  const elsewhere = { ...pod("a", "127.64.0.1"), metadata: { name: "a", namespace: "other", labels: { app: "web" } } };
  const unlike = { ...pod("b", "127.64.0.2"), metadata: { name: "b", namespace: "default", labels: { app: "api" } } };
  assert.deepEqual(slicesOfPods([service], [elsewhere, unlike]), []);
});
