import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubeObject } from "../../object/kube-object.ts";
import { serviceTable } from "./service-table.ts";

function service(spec: object, status: object = {}): KubeObject {
  const metadata = { name: "web", namespace: "default" };
  return { apiVersion: "v1", kind: "Service", metadata, spec, status } as KubeObject;
}

function slice(endpoints: readonly object[] | null, ports: readonly object[] | null): KubeObject {
  const metadata = { name: "web-1", namespace: "default", labels: { "kubernetes.io/service-name": "web" } };
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata,
    addressType: "IPv4",
    endpoints,
    ports,
  } as KubeObject;
}

const plain = { clusterIP: "10.96.1.1", clusterIPs: ["10.96.1.1"], ports: [{ port: 80, protocol: "TCP" }] };
const http = [{ port: 8080, protocol: "TCP" }];

test("a service leads to its ready endpoints alone", () => {
  const endpoints = [
    { addresses: ["10.1.0.2"], conditions: { ready: true } },
    { addresses: ["10.1.0.3"], conditions: { ready: false } },
  ];
  const [port] = serviceTable([service(plain)], [slice(endpoints, http)]);
  assert.deepEqual(port?.endpoints, [{ address: "10.1.0.2", port: 8080 }]);
  assert.equal(port?.port, 80);
  assert.equal(port?.affinitySeconds, undefined);
});

test("while nothing is ready, what is ending and still serves answers", () => {
  const endpoints = [
    { addresses: ["10.1.0.2"], conditions: { ready: false, serving: true, terminating: true } },
    { addresses: ["10.1.0.3"], conditions: { ready: false, serving: false, terminating: true } },
  ];
  const [port] = serviceTable([service(plain)], [slice(endpoints, http)]);
  assert.deepEqual(port?.endpoints, [{ address: "10.1.0.2", port: 8080 }]);
});

test("lists that Go writes as null are empty", () => {
  const [port] = serviceTable([service(plain)], [slice(null, null)]);
  assert.deepEqual(port?.endpoints, []);
});

test("headless services, aliases and other protocols than TCP and UDP are not translated", () => {
  const sctp = { ...plain, ports: [{ port: 80, protocol: "SCTP" }] };
  const services = [
    service({ ...plain, clusterIP: "None", clusterIPs: ["None"] }),
    service({ ...plain, type: "ExternalName" }),
    service(sctp),
  ];
  assert.deepEqual(serviceTable(services, []), []);
});

test("node ports, further addresses and the affinity of sessions are known", () => {
  const spec = {
    ...plain,
    type: "LoadBalancer",
    externalIPs: ["192.0.2.7"],
    externalTrafficPolicy: "Local",
    sessionAffinity: "ClientIP",
    ports: [{ name: "http", port: 80, protocol: "TCP", nodePort: 30080 }],
  };
  const [port] = serviceTable([service(spec, { loadBalancer: { ingress: [{ ip: "192.0.2.8" }] } })], []);
  assert.deepEqual(port?.externalAddresses, ["192.0.2.7", "192.0.2.8"]);
  assert.equal(port?.nodePort, 30_080);
  assert.equal(port?.affinitySeconds, 10_800);
  assert.equal(port?.keepsSource, true);
  assert.equal(port?.key, "default/web:http");
});
