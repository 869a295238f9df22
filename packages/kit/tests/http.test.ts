import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bodyOf, demo } from "./demo-service.ts";
import { t, route } from "@fairway/kit";

describe("routes", () => {
  test("a request is checked, converted and answered as declared", async () => {
    const response = await demo().call("GET", "/items/7?tag=a&tag=b,c");
    assert.equal(response.status, 200);
    assert.deepEqual(await bodyOf(response), { id: 7, limit: 10, tags: ["a", "b", "c"] });
    assert.equal(response.headers.get("content-type"), "application/json");
    assert.equal(response.headers.get("x-service-version"), "demo/1.2.3");
    assert.equal(response.headers.get("cache-control"), "no-store");
  });

  test("every part of a request that is wrong is named at once", async () => {
    const response = await demo().call("POST", "/items", { body: { name: "", count: 0 } });
    const found = await bodyOf(response);
    assert.equal(response.status, 400);
    assert.equal(response.headers.get("content-type"), "application/problem+json");
    assert.equal(found["type"], "/problems/invalid-request");
    assert.deepEqual(
      Array.isArray(found["errors"]) && found["errors"].map((each) => `${each.in} ${each.pointer}`).toSorted(),
      ["body /count", "body /name"],
    );
  });

  test("a parameter that is no number and a query beyond its bound are problems 400", async () => {
    for (const path of ["/items/seven", "/items/1?limit=51", "/items/1?limit=ten", "/items/1?limit=1&limit=2"]) {
      assert.equal((await demo().call("GET", path)).status, 400, path);
    }
  });

  test("what is not there is 404, another method is 405 and names those that are offered", async () => {
    const wanted = await demo().call("DELETE", "/items");
    assert.equal(wanted.status, 405);
    assert.equal(wanted.headers.get("allow"), "POST");
    assert.equal((await demo().call("GET", "/nothing")).status, 404);
    assert.equal((await demo().call("GET", "/items/404")).status, 404);
    assert.equal((await demo().call("GET", "/items/%ff")).status, 400);
    assert.equal((await demo().call("GET", "/items/")).status, 404);
  });

  test("HEAD is GET without the body", async () => {
    const response = await demo().call("HEAD", "/items/1");
    assert.equal(response.status, 200);
    assert.equal(await response.text(), "");
  });

  test("a body has to be JSON, in UTF-8, within its bounds and not nested without end", async () => {
    const post = async (text: string, type = "application/json"): Promise<number> =>
      (await demo().call("POST", "/items", { text, headers: { "content-type": type } })).status;
    assert.equal(await post(`{"name":"x","count":1}`), 201);
    assert.equal(await post(`{"name":"x","count":1}`, "application/merge-patch+json; charset=utf-8"), 201);
    assert.equal(await post(`{"name":"x","count":1}`, "text/plain"), 415);
    assert.equal(await post(`{"name":`), 400);
    assert.equal(await post(""), 400);
    assert.equal(await post(`{"name":"\\u0000","count":1}`), 400);
    assert.equal(await post(`{"name":"\\\\u0000","count":1}`), 201);
    assert.equal(await post(`{"name":"\\ud83d\\ude00","count":1}`), 201);
    assert.equal(await post(`{"name":"\\ud83d","count":1}`), 400);
    assert.equal(await post(`{"name":"${"x".repeat(2_000)}","count":1}`), 413);
    assert.equal(await post(`${"[".repeat(400)}${"]".repeat(400)}`), 400);
  });

  test("what the handler did not expect is told in general and logged in full", async () => {
    const { call, lines } = demo();
    const response = await call("GET", "/broken");
    const text = await response.text();
    assert.equal(response.status, 500);
    assert.doesNotMatch(text, /hunter2|at .*\.ts/);
    const line = lines().find((each) => each["level"] === "error");
    assert.match(JSON.stringify(line), /hunter2/);
    assert.ok(text.includes(String(line?.["trace_id"])));
  });

  test("a failure that may pass is 503 with a time to wait", async () => {
    const failing = route({
      method: "GET",
      path: "/away",
      summary: "",
      responses: { 200: t.String() },
      access: "public",
      handler: () => {
        throw Object.assign(new Error("no connection"), { retry: true });
      },
    });
    const response = await demo({ routes: [failing] }).call("GET", "/away");
    assert.equal(response.status, 503);
    assert.equal(response.headers.get("retry-after"), "1");
  });

  test("a reply that is not as declared is found in tests", async () => {
    const { call, lines } = demo();
    assert.equal((await call("GET", "/undeclared")).status, 500);
    assert.match(JSON.stringify(lines()), /with another body than declared/);
    assert.equal((await demo({ checkReplies: false }).call("GET", "/undeclared")).status, 200);
  });

  test("a header that cannot be sent is our mistake and ends nothing", async () => {
    const routes = [
      route({
        method: "GET",
        path: "/header",
        summary: "",
        responses: { 200: t.String() },
        access: "public",
        handler: () => ({ status: 200, body: "", headers: { location: "/a\r\nset-cookie: b" } }),
      }),
    ];
    assert.equal((await demo({ routes }).call("GET", "/header")).status, 500);
  });

  test("a handler that takes too long is answered for, and its signal is aborted", async () => {
    const response = await demo().call("GET", "/slow");
    assert.equal(response.status, 503);
    assert.equal((await bodyOf(response))["type"], "/problems/deadline");
  });

  test("the time that the caller has left shortens ours", async () => {
    const response = await demo().call("GET", "/slow", { headers: { "x-request-timeout-ms": "1" } });
    assert.match(String((await bodyOf(response))["detail"]), /within 1 ms/);
  });

  test("other media types are sent as they are", async () => {
    const response = await demo().call("GET", "/page");
    assert.equal(response.headers.get("content-type"), "text/html; charset=utf-8");
    assert.equal(await response.text(), "<p>hello</p>");
  });

  test("a path and its parameters have to agree", () => {
    const shared = { method: "GET", summary: "", responses: { 200: t.String() }, access: "public" } as const;
    const handler = () => ({ status: 200, body: "" }) as const;
    assert.throws(() => route({ ...shared, path: "/a/{id}", handler }), /names \{id\}, its params declare \{\}/);
  });
});

describe("operations", () => {
  const dependency = (name: string, check: () => Promise<void>) => ({ name, check, close: async () => undefined });

  test("readiness names the dependency that is missing, liveness does not care", async () => {
    const { call } = demo({
      dependencies: [
        dependency("database", async () => undefined),
        dependency("events", () => Promise.reject(new Error("secret address"))),
      ],
    });
    const ready = await call("GET", "/readyz");
    assert.equal(ready.status, 503);
    assert.deepEqual((await bodyOf(ready))["dependencies"], { database: "ready", events: "unreachable" });
    assert.equal((await call("GET", "/livez")).status, 200);
    assert.match(await (await call("GET", "/metrics")).text(), /^dependency_up\{dependency="events"\} 0$/m);
  });

  test("the OpenAPI document says what the routes declare", async () => {
    const document = await bodyOf(await demo().call("GET", "/openapi.json"));
    const text = JSON.stringify(document);
    assert.equal(document["openapi"], "3.1.0");
    assert.match(text, /"operationId":"getItemsById"/);
    assert.match(text, /"name":"limit","in":"query","required":false/);
    assert.match(text, /"text\/html; charset=utf-8"/);
    assert.doesNotMatch(text, /livez/);
  });

  test("requests are counted and timed by route, not by path", async () => {
    const { call } = demo();
    await call("GET", "/items/1");
    await call("GET", "/items/2");
    await call("GET", "/nowhere/1");
    const text = await (await call("GET", "/metrics")).text();
    assert.match(text, /_count\{method="GET",route="\/items\/\{id\}",status="200"\} 2/);
    assert.match(text, /_count\{method="GET",route="unmatched",status="404"\} 1/);
    assert.doesNotMatch(text, /route="\/metrics"/);
  });

  test("a trace goes on where the caller began it, and its ids are in log and span", async () => {
    const { call, spans, lines } = demo();
    const traceId = "0af7651916cd43dd8448eb211c80319c";
    const response = await call("GET", "/items/1", {
      headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01`, tracestate: "vendor=1" },
    });
    assert.equal(spans[0]?.context.traceId, traceId);
    assert.equal(spans[0]?.parentSpanId, "b7ad6b7169203331");
    assert.equal(spans[0]?.context.state, "vendor=1");
    assert.equal(spans[0]?.attributes["http.response.status_code"], 200);
    assert.match(response.headers.get("traceresponse") ?? "", new RegExp(`^00-${traceId}-`));
    assert.equal(lines().find((line) => line["message"] === "request")?.["trace_id"], traceId);
  });
});
