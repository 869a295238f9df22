import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubeObject } from "../../object/kube-object.ts";
import { iptablesRules } from "../services/iptables-rules.ts";
import { subtractBlocks } from "./cidr.ts";
import { isolations } from "./isolation.ts";
import type { Isolation } from "./isolation.ts";

function pod(name: string, address: string, more: { namespace?: string; phase?: string } = {}): KubeObject {
  const { namespace = "shop", phase = "Running" } = more;
  const metadata = { name, namespace, labels: { app: name } };
  const spec = { containers: [{ ports: [{ name: "http", containerPort: 8080 }] }] };
  return { apiVersion: "v1", kind: "Pod", metadata, spec, status: { podIP: address, phase } } as KubeObject;
}

function policy(spec: object, namespace = "shop"): KubeObject {
  const metadata = { name: "policy", namespace };
  return { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata, spec } as KubeObject;
}

const namespaces = ["shop", "watch"].map((name): KubeObject => {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels: { team: name } } };
});
const orders = pod("orders", "10.130.0.2");
const web = pod("web", "10.130.0.3");
const prometheus = pod("prometheus", "10.130.0.4", { namespace: "watch" });
const pods = [orders, web, prometheus];

function isolate(...policies: KubeObject[]): Isolation[] {
  return isolations({ policies, namespaces, pods, addresses: new Map() });
}

const denyAll = policy({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
const forOrders = { matchLabels: { app: "orders" } };

test("a policy without rules lets nothing through, to and from the pods of its own namespace", () => {
  assert.deepEqual(isolate(denyAll), [
    { address: "10.130.0.2", ingress: [], egress: [] },
    { address: "10.130.0.3", ingress: [], egress: [] },
  ]);
});

test("pods are allowed by their labels, and those of other namespaces by the namespace's", () => {
  const from = [
    { podSelector: { matchLabels: { app: "web" } } },
    { namespaceSelector: { matchLabels: { team: "watch" } }, podSelector: { matchLabels: { app: "prometheus" } } },
    { namespaceSelector: { matchLabels: { team: "watch" } }, podSelector: { matchLabels: { app: "web" } } },
  ];
  const [isolation] = isolate(
    policy({ podSelector: forOrders, policyTypes: ["Ingress"], ingress: [{ from, ports: [{ port: 8080 }] }] }),
  );
  assert.equal(isolation?.egress, undefined);
  assert.deepEqual(isolation?.ingress, [
    { block: "10.130.0.3/32", protocol: "tcp", ports: "8080" },
    { block: "10.130.0.4/32", protocol: "tcp", ports: "8080" },
  ]);
});

test("what several policies allow is allowed together; a rule without peers allows all of them", () => {
  const [isolation] = isolate(
    denyAll,
    policy({
      podSelector: forOrders,
      policyTypes: ["Egress"],
      egress: [{ ports: [{ port: 53, protocol: "UDP" }] }, { ports: [{ port: 8000, endPort: 8100 }] }],
    }),
  );
  assert.deepEqual(isolation, {
    address: "10.130.0.2",
    ingress: [],
    egress: [
      { protocol: "udp", ports: "53" },
      { protocol: "tcp", ports: "8000:8100" },
    ],
  });
});

test("a port's name is that of the pod at which the connection ends", () => {
  const peers = [{ podSelector: { matchLabels: { app: "web" } } }];
  const ports = [{ port: "http" }, { port: "absent" }];
  const spec = { podSelector: forOrders, policyTypes: ["Ingress", "Egress"] };
  const [isolation] = isolate(policy({ ...spec, ingress: [{ ports }], egress: [{ to: peers, ports }] }));
  assert.deepEqual(isolation?.ingress, [{ protocol: "tcp", ports: "8080" }]);
  assert.deepEqual(isolation?.egress, [{ block: "10.130.0.3/32", protocol: "tcp", ports: "8080" }]);
});

test("a port's name without peers is that of every pod that has one of this name", () => {
  const egress = [{ ports: [{ port: "http" }, { port: 53, protocol: "UDP" }] }];
  const [isolation] = isolate(policy({ podSelector: forOrders, policyTypes: ["Egress"], egress }));
  assert.deepEqual(isolation?.egress, [
    { protocol: "udp", ports: "53" },
    ...["10.130.0.2", "10.130.0.3", "10.130.0.4"].map((address) => {
      return { block: `${address}/32`, protocol: "tcp", ports: "8080" };
    }),
  ]);
});

test("a block of addresses is allowed without what is excepted", () => {
  const to = [{ ipBlock: { cidr: "10.0.0.0/30", except: ["10.0.0.1/32"] } }];
  const [isolation] = isolate(policy({ podSelector: forOrders, policyTypes: ["Egress"], egress: [{ to }] }));
  assert.deepEqual(
    isolation?.egress?.map(({ block }) => block),
    ["10.0.0.0/32", "10.0.0.2/31"],
  );
  assert.deepEqual(subtractBlocks("10.0.0.0/8", ["10.0.0.0/8"]), []);
  assert.deepEqual(subtractBlocks("10.0.0.0/8", ["192.168.0.0/16"]), ["10.0.0.0/8"]);
  assert.deepEqual(subtractBlocks("0.0.0.0/0", ["128.0.0.0/1"]), ["0.0.0.0/1"]);
  assert.deepEqual(subtractBlocks("fd00::/8", []), []);
});

test("pods that have ended are nobody; one that is starting is isolated at the address it has just got", () => {
  const ended = pod("web", "10.130.0.3", { phase: "Succeeded" });
  const starting = { ...web, metadata: { ...web.metadata, name: "new" }, status: { phase: "Pending" } } as KubeObject;
  const addresses = new Map([["shop/new", "10.130.0.9"]]);
  const found = isolations({ policies: [denyAll], namespaces, pods: [ended, starting], addresses });
  assert.deepEqual(
    found.map(({ address }) => address),
    ["10.130.0.9"],
  );
});

test("the kernel drops what is not allowed, after it let through what belongs to a connection", () => {
  const facts = { mark: "fw01234567", bridge: "fw01234567br", subnet: "10.130.0.0/24" };
  const isolated = isolate(
    policy({ podSelector: forOrders, policyTypes: ["Ingress"], ingress: [{ ports: [{ port: 8080 }] }] }),
  );
  const { text, chains } = iptablesRules({ ports: [], isolations: isolated }, facts);
  const rules = (chain: string): string[] =>
    text.split("\n").flatMap((line) => (line.startsWith(`-A ${chain} `) ? [line.slice(chain.length + 4)] : []));
  assert.deepEqual(rules("fw01234567-POLICY"), ["-d 10.130.0.2/32 -j fw01234567-I-10.130.0.2"]);
  assert.deepEqual(rules("fw01234567-I-10.130.0.2"), [
    "-s 10.130.0.2/32 -j RETURN",
    "-p tcp -m tcp --dport 8080 -j RETURN",
    "-j DROP",
  ]);
  const forward = rules("fw01234567-FORWARD");
  assert.ok(forward.findIndex((rule) => rule.includes("ESTABLISHED")) < forward.indexOf("-j fw01234567-POLICY"));
  assert.ok(forward.indexOf("-j fw01234567-POLICY") < forward.indexOf("-i fw01234567br -j ACCEPT"));
  for (const name of chains.filter) assert.ok(name.length <= 28, name);
});
