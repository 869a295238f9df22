import assert from "node:assert/strict";
import { once } from "node:events";
import { Resolver } from "node:dns/promises";
import { connect } from "node:net";
import { createSocket } from "node:dgram";
import { test } from "node:test";
import type { TestContext } from "node:test";
import type { KubeObject } from "../../object/kube-object.ts";
import { clusterZone } from "./cluster-zone.ts";
import { startDnsServer } from "./dns-server.ts";
import type { DnsServer } from "./dns-server.ts";

function object(kind: string, name: string, rest: object): KubeObject {
  return { apiVersion: "v1", kind, metadata: { name, namespace: "default" }, ...rest } as KubeObject;
}

const services = [
  object("Service", "web", {
    spec: { clusterIP: "10.96.1.1", ports: [{ name: "http", port: 80, protocol: "TCP" }] },
  }),
  object("Service", "db", { spec: { clusterIP: "None", ports: [{ name: "sql", port: 5432 }] } }),
  object("Service", "shop", { spec: { type: "ExternalName", externalName: "web.default.svc.cluster.local" } }),
];
const manyAddresses = Array.from({ length: 60 }, (_, index) => ({
  addresses: [`10.1.1.${index + 1}`],
  conditions: { ready: true },
}));
const slices = [
  {
    ...object("EndpointSlice", "db-1", {
      addressType: "IPv4",
      ports: [{ name: "sql", port: 5432, protocol: "TCP" }],
      endpoints: [
        { addresses: ["10.1.0.2"], hostname: "db-0", conditions: { ready: true } },
        { addresses: ["10.1.0.3"], hostname: "db-1", conditions: { ready: true } },
        { addresses: ["10.1.0.4"], hostname: "db-2", conditions: { ready: false } },
      ],
    }),
    metadata: { name: "db-1", namespace: "default", labels: { "kubernetes.io/service-name": "db" } },
  },
  {
    ...object("EndpointSlice", "many-1", { addressType: "IPv4", ports: null, endpoints: manyAddresses }),
    metadata: { name: "many-1", namespace: "default", labels: { "kubernetes.io/service-name": "many" } },
  },
];
const many = object("Service", "many", { spec: { clusterIP: "None" } });

async function start(t: TestContext): Promise<{ server: DnsServer; resolver: Resolver }> {
  const zone = clusterZone({ domain: "cluster.local", ttl: 5, services: [...services, many], slices });
  const server = await startDnsServer({
    host: "127.0.0.1",
    port: 0,
    zone: () => zone,
    forward: undefined,
    log: () => undefined,
  });
  t.after(() => server.close());
  const resolver = new Resolver({ timeout: 30_000, tries: 2 });
  resolver.setServers([`127.0.0.1:${server.port}`]);
  return { server, resolver };
}

test("a service has the name that Kubernetes gives it, in any case of letters", async (t) => {
  const { resolver } = await start(t);
  assert.deepEqual(await resolver.resolve4("web.default.svc.cluster.local"), ["10.96.1.1"]);
  assert.deepEqual(await resolver.resolve4("WEB.Default.svc.Cluster.Local"), ["10.96.1.1"]);
  const ports = await resolver.resolveSrv("_http._tcp.web.default.svc.cluster.local");
  assert.deepEqual(
    ports.map(({ name, port }) => ({ name, port })),
    [{ name: "web.default.svc.cluster.local", port: 80 }],
  );
  assert.deepEqual(await resolver.reverse("10.96.1.1"), ["web.default.svc.cluster.local"]);
});

test("a headless service stands for what answers for it, each with a name of its own", async (t) => {
  const { resolver } = await start(t);
  const found = await resolver.resolve4("db.default.svc.cluster.local");
  assert.deepEqual(found.toSorted(), ["10.1.0.2", "10.1.0.3"]);
  assert.deepEqual(await resolver.resolve4("db-1.db.default.svc.cluster.local"), ["10.1.0.3"]);
  assert.deepEqual(await resolver.reverse("10.1.0.2"), ["db-0.db.default.svc.cluster.local"]);
  const targets = await resolver.resolveSrv("_sql._tcp.db.default.svc.cluster.local");
  assert.deepEqual(targets.map(({ name }) => name).toSorted(), [
    "db-0.db.default.svc.cluster.local",
    "db-1.db.default.svc.cluster.local",
  ]);
});

test("an alias into the cluster is followed; a pod's name says its address", async (t) => {
  const { resolver } = await start(t);
  assert.deepEqual(await resolver.resolve4("shop.default.svc.cluster.local"), ["10.96.1.1"]);
  assert.deepEqual(await resolver.resolveCname("shop.default.svc.cluster.local"), ["web.default.svc.cluster.local"]);
  assert.deepEqual(await resolver.resolve4("10-1-0-9.default.pod.cluster.local"), ["10.1.0.9"]);
});

test("names that don't exist are told from names that have no such record", async (t) => {
  const { resolver } = await start(t);
  await assert.rejects(resolver.resolve4("nobody.default.svc.cluster.local"), { code: "ENOTFOUND" });
  await assert.rejects(resolver.resolve6("web.default.svc.cluster.local"), { code: "ENODATA" });
  await assert.rejects(resolver.resolve4("default.svc.cluster.local"), { code: "ENODATA" });
});

test("an answer too long for UDP comes over TCP", async (t) => {
  const { resolver } = await start(t);
  assert.equal((await resolver.resolve4("many.default.svc.cluster.local")).length, 60);
});

test("what is no query gets no answer and does no harm", async (t) => {
  const { server, resolver } = await start(t);
  const socket = createSocket("udp4");
  t.after(() => socket.close());
  const odd = [Buffer.alloc(0), Buffer.from("hello"), Buffer.alloc(12), Buffer.alloc(40, 0xff), Buffer.alloc(5000, 1)];
  for (const message of odd) socket.send(message, server.port, "127.0.0.1");
  const tcp = connect({ port: server.port, host: "127.0.0.1" });
  await once(tcp, "connect");
  tcp.end(Buffer.concat([Buffer.from([0, 20]), Buffer.alloc(20, 7)]));
  tcp.resume();
  await once(tcp, "close");
  assert.deepEqual(await resolver.resolve4("web.default.svc.cluster.local"), ["10.96.1.1"]);
});
