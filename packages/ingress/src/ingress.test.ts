import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:tls";
import { after, before, describe, test } from "node:test";
import { startIngress } from "./ingress.ts";
import { askHost } from "./tests/ask.ts";
import { rules, startShop } from "./tests/shop.ts";
import type { Shop } from "./tests/shop.ts";
import { until } from "./tests/until.ts";

const ingresses = "/apis/networking.k8s.io/v1/namespaces/default/ingresses";
const classes = "/apis/networking.k8s.io/v1/ingressclasses";

describe("ingress", () => {
  let shop: Shop;
  before(async () => {
    shop = await startShop({ tlsPort: 0 });
    for (const name of ["orders", "catalog"]) {
      await shop.addService(name);
      await shop.addPod(name, `${name}-1`, (request, response) => {
        response.end(`${name} ${request.url ?? ""} ${request.headers.host ?? ""}`);
      });
    }
    await shop.addIngress("shop", { rules: [rules("shop.localhost", { "/": "catalog", "/orders": "orders" })] });
    await until(async () => (await askHost(shop.ingress.url, "shop.localhost")).status === 200);
  });
  after(() => shop.close());

  const statusOf = async (name: string): Promise<unknown> => {
    const { status } = (await shop.send("GET", `${ingresses}/${name}`)) as {
      status?: { loadBalancer?: { ingress?: unknown } };
    };
    return status?.loadBalancer?.ingress;
  };

  test("leads by host and path to the pods of a service", async () => {
    const catalog = await askHost(`${shop.ingress.url}/items?page=2`, "shop.localhost:8080");
    assert.equal(catalog.text, "catalog /items?page=2 shop.localhost:8080");
    const orders = await askHost(`${shop.ingress.url}/orders/7`, "SHOP.localhost");
    assert.equal(orders.text, "orders /orders/7 SHOP.localhost");
  });

  test("its class is there from the start, as the default", async () => {
    const found = (await shop.send("GET", `${classes}/fairway`)) as {
      spec?: unknown;
      metadata?: { annotations?: unknown };
    };
    assert.deepEqual(found.spec, { controller: "fairway.dev/ingress" });
    assert.deepEqual(found.metadata?.annotations, { "ingressclass.kubernetes.io/is-default-class": "true" });
    const { spec } = (await shop.send("GET", `${ingresses}/shop`)) as { spec?: { ingressClassName?: string } };
    assert.equal(spec?.ingressClassName, "fairway");
  });

  test("says in the status of an Ingress where it is served", async () => {
    await until(async () => (await statusOf("shop")) !== undefined);
    const ports = [shop.ingress.url, shop.ingress.tlsUrl ?? ""].map((url) => ({
      port: Number(new URL(url).port),
      protocol: "TCP",
    }));
    assert.deepEqual(await statusOf("shop"), [{ ip: "127.0.0.1", ports }]);
  });

  test("leaves the Ingresses of other controllers alone", async () => {
    await shop.send("POST", classes, { metadata: { name: "other" }, spec: { controller: "example.org/other" } });
    await shop.addIngress("theirs", { ingressClassName: "other", rules: [rules("theirs.test", { "/": "catalog" })] });
    await shop.addIngress("nobodys", { ingressClassName: "lost", rules: [rules("nobodys.test", { "/": "catalog" })] });
    await shop.addIngress("ours", { ingressClassName: "fairway", rules: [rules("ours.test", { "/": "catalog" })] });
    await until(async () => (await statusOf("ours")) !== undefined);
    for (const name of ["theirs", "nobodys"]) {
      assert.equal((await askHost(shop.ingress.url, `${name}.test`)).status, 404);
      assert.equal(await statusOf(name), undefined);
    }
  });

  test("follows what changes: a rule, a service, an Ingress that goes", async () => {
    await shop.addIngress("moving", { rules: [rules("moving.test", { "/": "catalog" })] });
    const text = async (): Promise<string> => (await askHost(shop.ingress.url, "moving.test")).text;
    await until(async () => (await text()).startsWith("catalog"));
    await shop.send("PATCH", `${ingresses}/moving`, { spec: { rules: [rules("moving.test", { "/": "orders" })] } });
    await until(async () => (await text()).startsWith("orders"));
    await shop.send("DELETE", `${ingresses}/moving`);
    await until(async () => (await text()).startsWith("404"));
  });

  test("ready endpoints of a slice count before the pods of the selector", async () => {
    await shop.addService("sliced");
    await shop.addPod("sliced", "sliced-1", (_request, response) => response.end("pod"));
    const slice = {
      metadata: { name: "sliced-a", labels: { "kubernetes.io/service-name": "sliced" } },
      addressType: "IPv4",
      ports: [{ name: "web", port: 80 }],
      endpoints: [{ addresses: ["10.255.0.1"], conditions: { ready: false, serving: false } }],
    };
    await shop.addIngress("sliced", { rules: [rules("sliced.test", { "/": "sliced" })] });
    await until(async () => (await askHost(shop.ingress.url, "sliced.test")).text === "pod");
    await shop.send("POST", "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices", slice);
    await until(async () => (await askHost(shop.ingress.url, "sliced.test")).status === 503);
  });

  test("serves the certificate of the host's Ingress", async () => {
    const encoded = (field: string): string =>
      new RegExp(`"?${field}"?: "?([^"\\s]+)`, "u").exec(shop.cluster.kubeconfig)?.[1] ?? "";
    await shop.send("POST", "/api/v1/namespaces/default/secrets", {
      metadata: { name: "cert" },
      type: "kubernetes.io/tls",
      data: { "tls.crt": encoded("client-certificate-data"), "tls.key": encoded("client-key-data") },
    });
    const tls = [{ hosts: ["*.secure.test"], secretName: "cert" }];
    await shop.addIngress("secure", { tls, rules: [rules("*.secure.test", { "/": "catalog" })] });
    await until(async () => (await askHost(shop.ingress.url, "a.secure.test")).status === 200);
    const subject = async (servername: string): Promise<string | undefined> => {
      const { hostname: host, port } = new URL(shop.ingress.tlsUrl ?? "");
      const socket = connect({ host, port: Number(port), servername, rejectUnauthorized: false });
      try {
        await once(socket, "secureConnect");
        socket.write("GET / HTTP/1.1\r\nHost: a.secure.test\r\nConnection: close\r\n\r\n");
        const [data] = (await once(socket, "data")) as [Buffer];
        assert.match(data.toString(), /^HTTP\/1.1 200/u);
        return String(socket.getPeerCertificate().subject["CN"]);
      } catch {
        return undefined;
      } finally {
        socket.destroy();
      }
    };
    await until(async () => (await subject("a.secure.test")) === "kubernetes-admin");
    assert.equal(await subject("other.test"), undefined);
  });

  test("a port that is taken is named, and nothing is left behind", async () => {
    const port = Number(new URL(shop.ingress.url).port);
    const starting = startIngress({ client: shop.cluster.client, host: "127.0.0.1", port, log: () => undefined });
    await assert.rejects(starting, {
      code: "address-in-use",
      message: new RegExp(`port ${port} of 127.0.0.1 is taken`, "u"),
    });
  });

  test("who asks for TLS where there is none reads of it in the log, once", async () => {
    const log: string[] = [];
    const plain = await startIngress({
      client: shop.cluster.client,
      host: "127.0.0.1",
      port: 0,
      log: (line) => log.push(line),
    });
    await until(() => log.some((line) => line.includes("default/secure asks for TLS, but only HTTP is served here")));
    await plain.close();
    assert.equal(log.filter((line) => line.includes("asks for TLS")).length, 1);
  });

  test("ends with its signal, after what is under way", async () => {
    const stop = new AbortController();
    const { client } = shop.cluster;
    const second = await startIngress({
      client,
      host: "127.0.0.1",
      port: 0,
      log: () => undefined,
      signal: stop.signal,
    });
    const [came, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    await shop.addPod("slow", "slow-1", (request, response) => {
      if (request.url === "/ready") return void response.end();
      came.resolve();
      void gate.promise.then(() => response.end("done"));
      return undefined;
    });
    await shop.addService("slow");
    await shop.addIngress("slow", { rules: [rules("slow.test", { "/": "slow" })] });
    await until(async () => (await askHost(`${second.url}/ready`, "slow.test")).status === 200);
    const pending = askHost(second.url, "slow.test");
    await came.promise;
    stop.abort();
    await until(async () => (await askHost(`${second.url}/ready`, "slow.test").catch(() => undefined)) === undefined);
    gate.resolve();
    assert.equal((await pending).text, "done");
    await second.close();
  });
});
