import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { Duplex } from "node:stream";
import { after, before, describe, test } from "node:test";
import { inProcessServer, namespace, pod, type InProcessServer } from "../../admission/tests/in-process-server.ts";

let server: InProcessServer;
let kubelet: Server;
const seen: string[] = [];

before(async () => {
  server = await inProcessServer();
  const { certificate, key } = server.credentials.server;
  const ca = server.credentials.authority.certificate;
  kubelet = createServer({ cert: certificate, key, ca, requestCert: true }, (request, response) => {
    seen.push(`${(request.socket as TLSSocket).getPeerCertificate().subject.CN} ${request.url ?? ""}`);
    if (request.url?.includes("previous=true")) {
      response.writeHead(400).end('previous terminated container "c" in pod "p" not found');
      return;
    }
    response.write("one\n");
    response.end("two\n");
  });
  kubelet.on("upgrade", (request, socket) => {
    seen.push(request.url ?? "");
    socket.write("HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: SPDY/3.1\r\n\r\n");
    socket.pipe(socket);
  });
  kubelet.listen(0, "127.0.0.1");
  await once(kubelet, "listening");
  const { port } = kubelet.address() as AddressInfo;
  await server.admin.create("/api/v1/nodes", { metadata: { name: "n" } });
  await server.admin.patch("/api/v1/nodes/n/status", {
    status: {
      addresses: [{ type: "InternalIP", address: "127.0.0.1" }],
      daemonEndpoints: { kubeletEndpoint: { Port: port } },
    },
  });
  await server.admin.create(`${namespace}/pods`, pod("p", { nodeName: "n" }));
});

after(async () => {
  kubelet.closeAllConnections();
  kubelet.close();
  await server.close();
});

describe("the streams of a pod", () => {
  test("come from the kubelet of its node, which knows the API server by its certificate", async () => {
    const logs = await server.admin.get(`${namespace}/pods/p/log`);
    assert.equal(logs.status, 200);
    assert.equal(logs.object as unknown, "one\ntwo\n");
    assert.equal(seen.at(-1), "kube-apiserver-kubelet-client /containerLogs/shop/p/c?");
  });

  test("say in the API's words what the kubelet refuses", async () => {
    const refused = await server.ask({ path: `${namespace}/pods/p/log`, query: "previous=true" });
    assert.equal(refused.kind, "whole");
    if (refused.kind !== "whole") return;
    const { reason, message } = JSON.parse(String(refused.body)) as { reason: string; message: string };
    assert.deepEqual([refused.status, reason], [400, "BadRequest"]);
    assert.equal(message, 'previous terminated container "c" in pod "p" not found');
  });

  test("name the containers to choose from when nobody says which", async () => {
    const containers = ["a", "b"].map((name) => ({ name, image: "i" }));
    await server.admin.create(`${namespace}/pods`, pod("two", { nodeName: "n", containers }));
    const refused = await server.admin.get(`${namespace}/pods/two/log`);
    assert.equal(refused.message, "a container name must be specified for pod two, choose one of: [a b]");
  });

  test("go both ways once the protocol has changed", async () => {
    const answer = await server.ask({
      method: "POST",
      path: `${namespace}/pods/p/exec`,
      query: "command=sh&command=-c&stdin=true&stdout=true",
      headers: { connection: "Upgrade", upgrade: "SPDY/3.1" },
    });
    assert.equal(answer.kind, "upgrade");
    if (answer.kind !== "upgrade") return;
    const received: string[] = [];
    const { promise: echoed, resolve } = Promise.withResolvers<void>();
    const client = new Duplex({
      read: () => undefined,
      write: (chunk: Buffer, _, done) => {
        received.push(chunk.toString());
        if (received.join("").includes("hello")) resolve();
        done();
      },
    });
    answer.accept(client, Buffer.alloc(0));
    client.push("hello");
    await echoed;
    assert.match(received.join(""), /^HTTP\/1\.1 101 Switching Protocols\r\n/);
    assert.equal(seen.at(-1), "/exec/shop/p/c?input=1&output=1&command=sh&command=-c");
    client.destroy();
  });
});
