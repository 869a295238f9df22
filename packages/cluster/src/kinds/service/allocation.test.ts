import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubeObject } from "../../object/kube-object.ts";
import { service as serviceKind } from "../core/service.ts";
import { allocateService } from "./allocation.ts";
import { servicePool } from "./pool.ts";

interface Spec {
  clusterIP?: string;
  clusterIPs?: string[];
  ipFamilies?: string[];
  type?: string;
  healthCheckNodePort?: number;
  ports: { name?: string; port: number; protocol?: string; nodePort?: number }[];
}

function service(spec: Record<string, unknown>): KubeObject & { spec: Spec } {
  const object = { apiVersion: "v1", kind: "Service", metadata: { name: "a" }, spec, status: { loadBalancer: {} } };
  serviceKind.strategy.setDefaults(object);
  return object as unknown as KubeObject & { spec: Spec };
}

function poolOf(taken: Set<string | number> = new Set(), block = "10.96.0.0/16") {
  return servicePool({
    block,
    isDryRun: false,
    random: () => 0,
    isTaken: (thing) => taken.has(thing),
    take: (thing) => void taken.add(thing),
  });
}

test("gives a service an address from above those that are asked for by name", () => {
  const object = service({ ports: [{ port: 80 }] });
  assert.deepEqual(allocateService(object, undefined, poolOf()), { kind: "allocated" });
  assert.equal(object.spec.clusterIP, "10.96.1.1");
  assert.deepEqual([object.spec.clusterIPs, object.spec.ipFamilies], [["10.96.1.1"], ["IPv4"]]);
});

test("never gives an address or a port twice, and says when there is none left", () => {
  const pool = poolOf(new Set(), "10.96.0.0/30");
  const addresses = [0, 1].map(() => {
    const object = service({ ports: [{ port: 80 }] });
    allocateService(object, undefined, pool);
    return object.spec.clusterIP;
  });
  assert.deepEqual(addresses.toSorted(), ["10.96.0.1", "10.96.0.2"]);
  const outcome = allocateService(service({ ports: [{ port: 80 }] }), undefined, pool);
  assert.deepEqual(outcome, { kind: "failed", message: "failed to allocate a serviceIP: range is full" });
});

test("one node port serves the protocols of one port", () => {
  const ports = [
    { name: "u", port: 53, protocol: "UDP" },
    { name: "t", port: 53, protocol: "TCP" },
  ];
  const object = service({ type: "NodePort", ports });
  allocateService(object, undefined, poolOf());
  const [first, second] = object.spec.ports;
  assert.equal(first?.nodePort, 30_086);
  assert.equal(second?.nodePort, first?.nodePort);
});

test("a balancer that keeps to local pods gets a port for its questions", () => {
  const object = service({ type: "LoadBalancer", externalTrafficPolicy: "Local", ports: [{ port: 80 }] });
  allocateService(object, undefined, poolOf());
  assert.equal(object.spec.healthCheckNodePort, 30_087);
});

test("refuses what is taken and what is outside the range, in the real server's words", () => {
  const taken = new Set<string | number>(["10.96.0.7", 30_000]);
  const messageOf = (spec: Record<string, unknown>): unknown => {
    const outcome = allocateService(service({ ports: [{ port: 80 }], ...spec }), undefined, poolOf(taken));
    return outcome.kind === "invalid" ? outcome.errors.map(({ message }) => message) : outcome.kind;
  };
  assert.deepEqual(messageOf({ clusterIP: "10.96.0.7" }), [
    'Invalid value: ["10.96.0.7"]: failed to allocate IP 10.96.0.7: provided IP is already allocated',
  ]);
  assert.deepEqual(messageOf({ type: "NodePort", ports: [{ port: 80, nodePort: 30_000 }] }), [
    "Invalid value: 30000: provided port is already allocated",
  ]);
  assert.deepEqual(messageOf({ type: "NodePort", ports: [{ port: 80, nodePort: 80 }] }), [
    "Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767",
  ]);
  assert.deepEqual(messageOf({ clusterIP: "None" }), "allocated");
});

test("an update that leaves out what was given keeps it", () => {
  const taken = new Set<string | number>();
  const before = service({ type: "NodePort", ports: [{ name: "web", port: 80 }] });
  allocateService(before, undefined, poolOf(taken));
  const next = service({ type: "NodePort", ports: [{ name: "web", port: 81 }] });
  allocateService(next, before, poolOf(taken));
  assert.equal(next.spec.clusterIP, before.spec.clusterIP);
  assert.equal(next.spec.ports[0]?.nodePort, before.spec.ports[0]?.nodePort);
});
