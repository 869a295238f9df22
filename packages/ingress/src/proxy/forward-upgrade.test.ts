import assert from "node:assert/strict";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { after, before, describe, test } from "node:test";
import { WebSocket, WebSocketServer } from "ws";
import { ask } from "../tests/ask.ts";
import { rawSocket, sendRaw, untilText } from "../tests/raw.ts";
import { rules, startShop } from "../tests/shop.ts";
import type { Shop } from "../tests/shop.ts";
import { until } from "../tests/until.ts";

describe("requests for another protocol", () => {
  let shop: Shop;
  let upgrades: IncomingMessage[] = [];
  const far = new Set<Socket>();
  before(async () => {
    shop = await startShop();
    await shop.addService("web");
    const pod = await shop.addPod("web", "web-1", (request, response) =>
      response.end(`plain ${request.headers.upgrade ?? ""}`),
    );
    const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => "chat" });
    pod.server.on("upgrade", (request: IncomingMessage, socket: Socket, head: Buffer) => {
      upgrades.push(request);
      if (request.url === "/no") {
        socket.end("HTTP/1.1 426 Upgrade Required\r\nContent-Length: 2\r\nX-Why: because\r\n\r\nno");
        return;
      }
      far.add(socket);
      socket.once("close", () => far.delete(socket));
      sockets.handleUpgrade(request, socket, head, (each) => {
        each.send("welcome");
        each.on("message", (data, isBinary) => each.send(data as Buffer, { binary: isBinary }));
      });
    });
    await shop.addIngress("web", { rules: [rules("web.test", { "/": "web" })] });
    await until(async () => (await ask(shop.ingress.url, { headers: { host: "web.test" } })).status === 200);
  });
  after(() => shop.close());

  const open = (path = "/socket"): WebSocket =>
    new WebSocket(`${shop.ingress.url.replace("http", "ws")}${path}`, ["chat", "other"], {
      headers: { host: "web.test", "x-forwarded-for": "1.2.3.4" },
    });

  test("a WebSocket speaks with its pod, first and last byte included", async () => {
    upgrades = [];
    const socket = open("/socket?room=1");
    const first = once(socket, "message");
    await once(socket, "open");
    assert.equal(socket.protocol, "chat");
    assert.equal(String((await first)[0]), "welcome");
    const big = Buffer.alloc(3 * 1024 * 1024, 7);
    socket.send(big);
    const [echo] = (await once(socket, "message")) as [Buffer];
    assert.ok(echo.equals(big));
    const { headers, url } = upgrades[0] ?? assert.fail();
    assert.deepEqual([url, headers["x-forwarded-for"], headers["host"]], ["/socket?room=1", "127.0.0.1", "web.test"]);
    socket.close(1000, "bye");
    const [code, reason] = (await once(socket, "close")) as [number, Buffer];
    assert.deepEqual([code, reason.toString()], [1000, "bye"]);
    await until(() => far.size === 0);
  });

  test("who leaves without a word is left by the other side as well", async () => {
    const socket = open();
    await once(socket, "open");
    socket.terminate();
    await until(() => far.size === 0);
    const second = open();
    await once(second, "open");
    await until(() => far.size === 1);
    for (const each of far) each.destroy();
    await once(second, "close");
  });

  test("what the pod answers instead is the answer", async () => {
    const answer = await sendRaw(
      shop.ingress.url,
      "GET /no HTTP/1.1\r\nHost: web.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
    );
    assert.match(answer, /^HTTP\/1.1 426 Upgrade Required\r\n[\s\S]*X-Why: because\r\n[\s\S]*\r\n\r\nno$/u);
    const lost = await sendRaw(
      shop.ingress.url,
      "GET / HTTP/1.1\r\nHost: lost.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
    );
    assert.match(lost, /^HTTP\/1.1 404 Not Found/u);
  });

  test("who offers HTTP/2 without TLS gets HTTP/1.1", async () => {
    const answer = await ask(shop.ingress.url, {
      headers: {
        host: "web.test",
        connection: "Upgrade, HTTP2-Settings",
        upgrade: "h2c",
        "http2-settings": "AAMAAABk",
      },
    });
    assert.deepEqual([answer.status, answer.text], [200, "plain "]);
  });

  test("any other protocol goes through as well, with what was sent along", async () => {
    const pod = await shop.addPod("tcp", "tcp-1", (_request, response) => response.end());
    pod.server.on("upgrade", (_request, socket: Socket, head: Buffer) => {
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: shout\r\n\r\n${head.toString().toUpperCase()}`,
      );
      socket.on("data", (data: Buffer) => socket.write(data.toString().toUpperCase()));
    });
    await shop.addService("tcp");
    await shop.addIngress("tcp", { rules: [rules("tcp.test", { "/": "tcp" })] });
    await until(async () => (await ask(shop.ingress.url, { headers: { host: "tcp.test" } })).status === 200);
    const socket = rawSocket(shop.ingress.url);
    socket.write("GET / HTTP/1.1\r\nHost: tcp.test\r\nConnection: Upgrade\r\nUpgrade: shout\r\n\r\nearly ");
    assert.match(await untilText(socket, "EARLY "), /^HTTP\/1.1 101 /u);
    socket.write("late");
    await untilText(socket, "LATE");
    socket.destroy();
  });
});
