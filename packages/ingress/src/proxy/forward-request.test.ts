import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { after, before, describe, test } from "node:test";
import { startIngress } from "../ingress.ts";
import { ask, askHost } from "../tests/ask.ts";
import { rawSocket, sendRaw, untilText } from "../tests/raw.ts";
import { rules, startShop } from "../tests/shop.ts";
import type { Shop } from "../tests/shop.ts";
import { until } from "../tests/until.ts";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

describe("a request and its answer", () => {
  let shop: Shop;
  let seen: IncomingMessage[] = [];
  const connections = new Set<unknown>();
  let handle: Handler = (_request, response) => void response.end("ok");
  before(async () => {
    shop = await startShop();
    await shop.addService("web");
    const pod = await shop.addPod("web", "web-1", (incoming, response) => {
      seen.push(incoming);
      handle(incoming, response);
    });
    pod.server.on("connection", (socket) => connections.add(socket));
    pod.server.on("checkContinue", (incoming: IncomingMessage, response: ServerResponse) => handle(incoming, response));
    await shop.addIngress("web", { rules: [rules("web.test", { "/": "web" })] });
    await until(async () => (await askHost(shop.ingress.url, "web.test")).status === 200);
  });
  after(() => shop.close());

  const with_ = (handler: Handler): void => {
    seen = [];
    handle = handler;
  };
  const headers = { host: "web.test" };

  test("the pod hears from whom it comes; what others claimed of that, and what was of one connection, it does not", async () => {
    with_((_incoming, response) => response.end("ok"));
    await ask(shop.ingress.url, {
      headers: {
        host: "web.test:8080",
        "x-forwarded-for": "1.2.3.4",
        "x-forwarded-proto": "https",
        "x-request-id": "trace-me-0001",
        forwarded: "for=1.2.3.4",
        connection: "keep-alive, x-drop-me, host",
        "keep-alive": "timeout=1",
        "x-drop-me": "1",
        te: "trailers, deflate",
        "proxy-authorization": "Basic abc",
        authorization: "Bearer abc",
        traceparent: "00-a-b-01",
      },
    });
    const { headers: told } = seen[0] ?? assert.fail("the pod saw nothing");
    assert.deepEqual(
      { ...told, "x-forwarded-port": undefined },
      {
        host: "web.test:8080",
        "x-forwarded-for": "127.0.0.1",
        "x-forwarded-host": "web.test:8080",
        "x-forwarded-port": undefined,
        "x-forwarded-proto": "http",
        "x-real-ip": "127.0.0.1",
        "x-request-id": "trace-me-0001",
        authorization: "Bearer abc",
        traceparent: "00-a-b-01",
        te: "trailers",
        connection: "keep-alive",
      },
    );
    assert.equal(told["x-forwarded-port"], new URL(shop.ingress.url).port);
    await ask(shop.ingress.url, { headers: { ...headers, "x-request-id": "no good\tid" } });
    assert.match(seen[1]?.headers["x-request-id"]?.toString() ?? "", /^[\da-f-]{36}$/u);
  });

  test("answers keep what they say, twice where they say it twice, but not what was of one connection", async () => {
    with_((_incoming, response) => {
      response.writeHead(418, "Short and stout", [
        ["Set-Cookie", "a=1"],
        ["Set-Cookie", "b=2"],
        ["Connection", "close, X-Own"],
        ["X-Own", "1"],
        ["X-Kept", "ü".normalize()],
      ]);
      response.end("tea");
    });
    const text = await sendRaw(shop.ingress.url, "GET / HTTP/1.1\r\nHost: web.test\r\nConnection: close\r\n\r\n");
    assert.match(text, /^HTTP\/1.1 418 Short and stout\r\n/u);
    assert.match(text, /Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n/u);
    assert.match(text, /X-Kept: /u);
    assert.doesNotMatch(text, /X-Own/u);
  });

  test("bodies of every method arrive as they were, with a length or in chunks", async () => {
    with_((incoming, response) => {
      response.setHeader(
        "x-length",
        incoming.headers["content-length"] ?? incoming.headers["transfer-encoding"] ?? "none",
      );
      incoming.pipe(response);
    });
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
      const sized = await ask(shop.ingress.url, {
        method,
        headers: { ...headers, "content-length": "5" },
        body: "hello",
      });
      assert.deepEqual([sized.text, sized.headers["x-length"]], ["hello", "5"]);
      const chunked = await ask(shop.ingress.url, {
        method,
        headers: { ...headers, "transfer-encoding": "chunked" },
        body: "hello",
      });
      assert.deepEqual([chunked.text, chunked.headers["x-length"]], ["hello", "chunked"]);
    }
    const empty = await sendRaw(shop.ingress.url, "POST / HTTP/1.1\r\nHost: web.test\r\nConnection: close\r\n\r\n");
    assert.match(empty, /x-length: 0\r\n/u);
    const old = await sendRaw(shop.ingress.url, "GET / HTTP/1.0\r\nHost: web.test\r\n\r\n");
    assert.match(old, /^HTTP\/1.1 200 OK[\s\S]*x-length: none/u);
    assert.doesNotMatch(old, /chunked/u);
  });

  test("HEAD, 204 and 304 have headers and no body", async () => {
    with_(({ method, url = "" }, response) => {
      response.writeHead(
        url === "/" ? 200 : Number(url.slice(1)),
        url === "/204" ? {} : { "content-length": 5, etag: '"e"' },
      );
      response.end(method === "HEAD" ? undefined : url === "/" ? "hello" : undefined);
    });
    const head = await ask(shop.ingress.url, { method: "HEAD", headers });
    assert.deepEqual([head.status, head.headers["content-length"], head.text], [200, "5", ""]);
    const unchanged = await ask(`${shop.ingress.url}/304`, { headers });
    assert.deepEqual([unchanged.status, unchanged.headers.etag, unchanged.text], [304, '"e"', ""]);
    const nothing = await ask(`${shop.ingress.url}/204`, { headers });
    assert.deepEqual([nothing.status, nothing.headers["transfer-encoding"]], [204, undefined]);
  });

  test("trailers go through in both directions", async () => {
    with_((incoming, response) => {
      response.writeHead(200, { trailer: "x-sum" });
      incoming.on("end", () => {
        response.addTrailers({ "x-sum": `got ${incoming.trailers["x-check"] ?? "none"}` });
        response.end();
      });
      incoming.pipe(response, { end: false });
    });
    const text =
      "POST / HTTP/1.1\r\nHost: web.test\r\nConnection: close\r\nTrailer: x-check\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nx-check: 42\r\n\r\n";
    const answer = await sendRaw(shop.ingress.url, text);
    assert.match(answer, /5\r\nhello\r\n0\r\nx-sum: got 42\r\n\r\n$/u);
  });

  test("what a client sends arrives while it is still sending, and events while more are to come", async () => {
    let finish = (): void => undefined;
    with_((incoming, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
      incoming.on("data", (chunk: Buffer) => response.write(`data: ${chunk.toString()}\n\n`));
      finish = () => response.end();
    });
    const outgoing = request(shop.ingress.url, {
      method: "POST",
      headers: { ...headers, "transfer-encoding": "chunked" },
    });
    outgoing.flushHeaders();
    const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
    assert.equal(answer.headers["content-type"], "text/event-stream");
    for (const word of ["one", "two", "three"]) {
      outgoing.write(word);
      const [chunk] = (await once(answer, "data")) as [Buffer];
      assert.equal(chunk.toString(), `data: ${word}\n\n`);
    }
    finish();
    answer.resume();
    await once(answer, "end");
    outgoing.destroy();
  });

  test("a client that reads slowly makes the pod send slowly", async () => {
    const total = 256 * 1024 * 1024;
    let sent = 0;
    with_((_incoming, response) => {
      const piece = Buffer.alloc(256 * 1024);
      const more = (): void => {
        let isFree = true;
        while (sent < total && isFree) {
          isFree = response.write(piece);
          sent += piece.length;
        }
        if (sent < total) response.once("drain", more);
        else response.end();
      };
      more();
    });
    const socket = rawSocket(shop.ingress.url);
    socket.pause();
    socket.write("GET / HTTP/1.1\r\nHost: web.test\r\n\r\n");
    let [last, same] = [-1, 0];
    await until(() => {
      same = sent === last && sent > 0 ? same + 1 : 0;
      last = sent;
      return same > 20;
    });
    assert.ok(sent < total / 4, `${sent} bytes were taken of a client that reads nothing`);
    socket.destroy();
  });

  test("a client that waits to be told to go on is told by the pod", async () => {
    with_((incoming, response) => {
      if (incoming.url === "/no") return void response.writeHead(413).end("too much");
      response.writeContinue();
      incoming.pipe(response);
      return undefined;
    });
    const socket = rawSocket(shop.ingress.url);
    socket.write(
      "POST /yes HTTP/1.1\r\nHost: web.test\r\nExpect: 100-continue\r\nContent-Length: 5\r\nConnection: close\r\n\r\n",
    );
    assert.match(await untilText(socket, "\r\n\r\n"), /^HTTP\/1.1 100 Continue\r\n\r\n$/u);
    socket.write("hello");
    assert.match(await untilText(socket, "hello"), /^HTTP\/1.1 200 OK/u);
    const refused = rawSocket(shop.ingress.url);
    refused.write(
      "POST /no HTTP/1.1\r\nHost: web.test\r\nExpect: 100-continue\r\nContent-Length: 5\r\nConnection: close\r\n\r\n",
    );
    assert.match(await untilText(refused, "too much"), /^HTTP\/1.1 413 /u);
    refused.destroy();
  });

  test("an answer before the body is read gets to the client", async () => {
    with_((_incoming, response) => response.writeHead(413).end("too much"));
    const body = Buffer.alloc(4 * 1024 * 1024);
    const answer = await ask(shop.ingress.url, {
      method: "POST",
      headers: { ...headers, "content-length": body.length },
      body,
    });
    assert.deepEqual([answer.status, answer.text], [413, "too much"]);
  });

  test("a client that leaves ends the work of the pod", async () => {
    const left = Promise.withResolvers<void>();
    const came = Promise.withResolvers<void>();
    with_((_incoming, response) => {
      response.once("close", () => left.resolve());
      came.resolve();
    });
    const socket = rawSocket(shop.ingress.url);
    socket.write("GET / HTTP/1.1\r\nHost: web.test\r\n\r\n");
    await came.promise;
    socket.destroy();
    await left.promise;
  });

  test("connections to a pod are used again", async () => {
    with_((_incoming, response) => response.end("ok"));
    await ask(shop.ingress.url, { headers });
    const known = connections.size;
    for (let count = 0; count < 10; count += 1) await ask(shop.ingress.url, { headers });
    assert.equal(connections.size, known);
  });

  test("a pod that does not begin its answer in time is told of, one that breaks off breaks off", async () => {
    const { client } = shop.cluster;
    const hasty = await startIngress({ client, host: "127.0.0.1", port: 0, answerMs: 300, log: () => undefined });
    with_((_incoming, response) => response.end("ok"));
    await until(async () => (await askHost(hasty.url, "web.test")).status === 200);
    with_(() => undefined);
    const late = await ask(hasty.url, { headers });
    await hasty.close();
    assert.deepEqual(
      [late.status, late.text],
      [504, "504 Gateway Timeout\n\nthe pod web-1 has not answered for 0.3 s\n"],
    );
    with_((_incoming, response) => response.socket?.destroy());
    const gone = await ask(shop.ingress.url, { headers });
    assert.equal(gone.status, 502);
    assert.match(gone.text, /the pod web-1 of the service default\/web ended the connection/u);
    with_((_incoming, response) => {
      response.writeHead(200, { "content-length": 10 });
      response.write("half");
      setImmediate(() => response.socket?.destroy());
    });
    await assert.rejects(ask(shop.ingress.url, { headers }), { code: "ECONNRESET" });
    with_((_incoming, response) => response.end("ok"));
    assert.equal((await ask(shop.ingress.url, { headers })).status, 200);
  });
});
