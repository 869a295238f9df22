import assert from "node:assert/strict";
import { connect } from "node:net";
import { once } from "node:events";
import { describe, test } from "node:test";
import { createHttpClient, createService, HttpClientError, ListenError, loadConfig, noBody, route } from "@fairway/kit";
import { serviceConfig, t } from "@fairway/kit";
import { demo } from "./demo-service.ts";
import type { ListeningService, Route } from "@fairway/kit";

const config = loadConfig(serviceConfig({}), { PORT: "0", SHUTDOWN_SECONDS: "5" });

async function serve(routes: readonly Route[] = [], seconds = 5): Promise<ListeningService> {
  const parts = routes.length === 0 ? {} : { routes };
  return demo({ config: { ...config, SHUTDOWN_SECONDS: seconds }, ...parts }).service.listen();
}

/** A route that is answered when the test says so. */
function gate(): { route: Route; entered: Promise<void>; open: () => void } {
  const entered = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  const waiting = route({
    method: "GET",
    path: "/gate",
    summary: "",
    responses: { 200: t.String() },
    access: "public",
    handler: async () => {
      entered.resolve();
      await opened.promise;
      return { status: 200, body: "through" };
    },
  });
  return { route: waiting, entered: entered.promise, open: () => opened.resolve() };
}

async function rawExchange(url: string, text: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.end(text);
  let answer = "";
  socket.on("data", (chunk) => (answer += chunk));
  await once(socket, "close");
  return answer;
}

describe("server", () => {
  test("bytes that are no HTTP get 400, headers without end get 431", async () => {
    const service = await serve();
    assert.match(await rawExchange(service.url, "nonsense\r\n\r\n"), /^HTTP\/1\.1 400/);
    const long = `GET /livez HTTP/1.1\r\nhost: x\r\nx: ${"y".repeat(20_000)}\r\n\r\n`;
    assert.match(await rawExchange(service.url, long), /^HTTP\/1\.1 431/);
    await service.close();
  });

  test("a connection takes one request after the other, with a body and without", async () => {
    const service = await serve();
    const get = "GET /livez HTTP/1.1\r\nhost: x\r\n\r\n";
    const post = `POST /items HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}`;
    const empty = "POST /items HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n";
    const answer = await rawExchange(service.url, `${get}${post}${empty}${get}`);
    assert.deepEqual(
      answer.match(/HTTP\/1\.1 \d+/g),
      [200, 400, 415, 200].map((status) => `HTTP/1.1 ${status}`),
    );
    assert.doesNotMatch(answer, /connection: close/i);
    await service.close();
  });

  test("an announced body that is too large is refused before it is sent", async () => {
    const service = await serve();
    const head = `POST /items HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 99999\r\n\r\n`;
    const answer = await rawExchange(service.url, head);
    assert.match(answer, /^HTTP\/1\.1 413/);
    assert.match(answer, /connection: close/i);
    await service.close();
  });

  test("a body of unknown length is read up to its bound", async () => {
    const service = await serve();
    const chunk = `400\r\n${"x".repeat(0x400)}\r\n`;
    const head = `POST /items HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n`;
    assert.match(await rawExchange(service.url, `${head}${chunk.repeat(4)}0\r\n\r\n`), /^HTTP\/1\.1 413/);
    await service.close();
  });

  test("a taken port is an error that says what to do", async () => {
    const service = await serve();
    const taken = createService({
      name: "b",
      version: "1",
      config: { ...config, LOG_LEVEL: "error", PORT: Number(new URL(service.url).port) },
      routes: [],
    });
    await assert.rejects(
      taken.listen(),
      (error) => error instanceof ListenError && error.code === "address_in_use" && /set PORT/.test(error.message),
    );
    await service.close();
  });
});

describe("shutdown", () => {
  test("a request under way is answered, a new one is not taken", async () => {
    const { route: gated, entered, open } = gate();
    const service = await serve([gated]);
    const underWay = fetch(`${service.url}/gate`);
    await entered;
    const closed = service.close();
    await assert.rejects(fetch(`${service.url}/livez`));
    open();
    const response = await underWay;
    assert.equal(await response.json(), "through");
    assert.equal(response.headers.get("connection"), "close");
    await closed;
  });

  test("a request without end is cut when the time is over", async () => {
    const { route: gated, entered } = gate();
    const service = await serve([gated], 0.05);
    const cut = assert.rejects(fetch(`${service.url}/gate`));
    await entered;
    await service.close();
    await cut;
  });

  test("dependencies are closed last to first, after the requests, also when one of them fails", async () => {
    const closed: string[] = [];
    const dependency = (name: string, fails = false) => ({
      name,
      check: async () => undefined,
      close: async () => {
        closed.push(name);
        if (fails) throw new Error("stuck");
      },
    });
    const { service } = demo({ config, dependencies: [dependency("database"), dependency("events", true)] });
    await (await service.listen()).close();
    assert.deepEqual(closed, ["events", "database"]);
  });

  test("readiness waits for a start that succeeds at the second attempt", async () => {
    let attempts = 0;
    const failed = Promise.withResolvers<void>();
    const start = async (): Promise<void> => {
      if (++attempts > 1) return;
      failed.resolve();
      throw new Error("no database yet");
    };
    const { service } = demo({ config, start });
    const listening = await service.listen();
    await failed.promise;
    assert.equal((await service.handle(new Request("http://x/readyz"))).status, 503);
    await listening.started;
    assert.equal((await service.handle(new Request("http://x/readyz"))).status, 200);
    await listening.close();
  });
});

describe("client", () => {
  const failing = (failures: number, status: 200 | 503 = 503) => {
    const seen: Record<string, string | readonly string[] | undefined>[] = [];
    const answer = (headers: (typeof seen)[number]) => {
      seen.push(headers);
      return seen.length <= failures
        ? ({ status, body: "not yet" } as const)
        : ({ status: 200, body: "done" } as const);
    };
    const shared = { summary: "", responses: { 200: t.String(), 503: t.String() }, access: "public" } as const;
    const routes = [
      route({ ...shared, method: "GET", path: "/thing", handler: ({ rawHeaders }) => answer(rawHeaders) }),
      route({ ...shared, method: "POST", path: "/thing", handler: ({ rawHeaders }) => answer(rawHeaders) }),
    ];
    return { routes, seen };
  };

  test("repeats what may be repeated, in the same trace and with the time that is left", async () => {
    const { routes, seen } = failing(2);
    const service = await serve(routes);
    const { spans, service: caller } = demo({ config });
    const client = createHttpClient({ name: "thing", baseUrl: service.url, telemetry: caller.telemetry });
    const reply = await caller.telemetry.tracer.span("work", () => client.get("/thing", { schema: t.String() }));
    assert.equal(reply.body, "done");
    assert.equal(seen.length, 3);
    const traces = new Set(seen.map((headers) => String(headers["traceparent"]).slice(3, 35)));
    assert.deepEqual([...traces], [spans[0]?.context.traceId]);
    const left = seen.map((headers) => Number(headers["x-request-timeout-ms"]));
    assert.ok((left[0] ?? 0) <= 5_000 && (left[2] ?? 0) <= (left[0] ?? 0));
    client.close();
    await service.close();
  });

  test("does not repeat a POST, unless it has an idempotency key", async () => {
    const { routes, seen } = failing(1);
    const service = await serve(routes);
    const client = createHttpClient({ name: "thing", baseUrl: service.url });
    const isUnavailable = (error: unknown): boolean => error instanceof HttpClientError && error.status === 503;
    await assert.rejects(client.post("/thing", { body: {} }), isUnavailable);
    assert.equal(seen.length, 1);
    seen.length = 0;
    await client.post("/thing", { body: {}, idempotencyKey: "k1" });
    assert.deepEqual(
      seen.map((headers) => headers["idempotency-key"]),
      ["k1", "k1"],
    );
    client.close();
    await service.close();
  });

  test("gives up when the time is over, and says that it was the time", async () => {
    const { route: gated } = gate();
    const service = await serve([gated], 0.05);
    const client = createHttpClient({ name: "slow", baseUrl: service.url, timeoutMs: 30 });
    await assert.rejects(client.get("/gate"), (error) => error instanceof HttpClientError && error.code === "timeout");
    client.close();
    await service.close();
  });

  test("tells a service that is not there from one that answers nonsense", async () => {
    const { routes } = failing(0);
    const service = await serve(routes);
    const client = createHttpClient({ name: "thing", baseUrl: service.url, retries: 0 });
    const code = (wanted: string) => (error: unknown) => error instanceof HttpClientError && error.code === wanted;
    await assert.rejects(client.get("/thing", { schema: t.Integer() }), code("bad_answer"));
    await assert.rejects(client.get("/missing"), code("bad_status"));
    assert.equal((await client.get("/missing", { expect: [404] })).status, 404);
    await service.close();
    await assert.rejects(client.get("/thing"), code("unreachable"));
    client.close();
  });

  test("a deadline travels: the third service hears what the first one leaves", async () => {
    const { routes, seen } = failing(0);
    const last = await serve(routes);
    const client = createHttpClient({ name: "last", baseUrl: last.url });
    const middle = await serve([
      route({
        method: "GET",
        path: "/middle",
        summary: "",
        responses: { 204: noBody },
        access: "public",
        handler: async () => {
          await client.get("/thing");
          return { status: 204 };
        },
      }),
    ]);
    await fetch(`${middle.url}/middle`, { headers: { "x-request-timeout-ms": "4000" } });
    assert.ok(Number(seen[0]?.["x-request-timeout-ms"]) <= 4_000);
    client.close();
    await middle.close();
    await last.close();
  });
});
