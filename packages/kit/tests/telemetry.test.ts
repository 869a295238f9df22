import assert from "node:assert/strict";
import { createServer } from "node:http";
import { execFileSync, spawnSync } from "node:child_process";
import { once } from "node:events";
import { describe, test } from "node:test";
import { createLogger, createTelemetry, Histogram, inContext, parseTraceparent, Registry, Tracer } from "@fairway/kit";
import { demo } from "./demo-service.ts";
import type { AddressInfo } from "node:net";

describe("metrics", () => {
  test("promtool accepts the exposition", (context) => {
    if (spawnSync("promtool", ["--version"]).error) return context.skip("promtool is not on this machine");
    return demo()
      .call("GET", "/items/1")
      .then(async () => {
        const { call } = demo();
        await call("GET", "/items/1");
        await call("POST", "/items", { body: { name: 'a"\n\\', count: 1 } });
        const text = await (await call("GET", "/metrics")).text();
        execFileSync("promtool", ["check", "metrics"], { input: text, stdio: ["pipe", "pipe", "inherit"] });
        return undefined;
      });
  });

  test("buckets count everything up to their bound", () => {
    const histogram = new Histogram({ name: "h", help: "", buckets: [1, 2] });
    for (const value of [0.5, 1, 1.5, 9]) histogram.observe(value);
    const found = [...histogram.samples()].map(
      (sample) => `${sample.suffix}${sample.labels["le"] ?? ""} ${sample.value}`,
    );
    assert.deepEqual(found, ["_bucket1 2", "_bucket2 3", "_bucket+Inf 4", "_sum 12", "_count 4"]);
  });

  test("a label without bound cannot fill the memory", () => {
    const counter = new Registry().counter({ name: "c_total", help: "", labels: ["id"] });
    for (let index = 0; index < 2_500; index++) counter.add(1, { id: String(index) });
    assert.equal([...counter.samples()].length, 2_000);
    assert.equal(counter.dropped, 500);
  });

  test("a name is one metric of one kind, and a counter never goes back", () => {
    const registry = new Registry();
    assert.equal(registry.counter({ name: "a_total", help: "" }), registry.counter({ name: "a_total", help: "" }));
    assert.throws(() => registry.gauge({ name: "a_total", help: "" }), /is a counter already/);
    assert.throws(() => registry.counter({ name: "a_total", help: "" }).add(-1), RangeError);
  });
});

describe("trace context", () => {
  const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
  const span = "00f067aa0ba902b7";

  test("takes what the specification takes", () => {
    assert.deepEqual(parseTraceparent(`00-${trace}-${span}-01`), { traceId: trace, spanId: span, sampled: true });
    assert.equal(parseTraceparent(`00-${trace}-${span}-00`)?.sampled, false);
    assert.equal(parseTraceparent(`cc-${trace}-${span}-01-what-comes-later`)?.traceId, trace);
  });

  for (const [what, header] of Object.entries({
    "version ff": `ff-${trace}-${span}-01`,
    "more than version 00 has": `00-${trace}-${span}-01-x`,
    "a trace of zeros": `00-${"0".repeat(32)}-${span}-01`,
    "a span of zeros": `00-${trace}-${"0".repeat(16)}-01`,
    capitals: `00-${trace.toUpperCase()}-${span}-01`,
    "too few digits": `00-${trace.slice(1)}-${span}-01`,
  })) {
    test(`begins anew at ${what}`, () => assert.equal(parseTraceparent(header), undefined));
  }
});

describe("log", () => {
  const logged = (write: (log: ReturnType<typeof createLogger>) => void): Record<string, unknown> => {
    let text = "";
    write(createLogger({ level: "info", output: { write: (line) => (text += line) } }));
    return text === "" ? {} : JSON.parse(text);
  };

  test("secrets are gone, by name and by look, at every depth", () => {
    const token = "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl";
    const error = new Error(`cannot reach postgres://ada:hunter2@db/x`, { cause: new Error(`Bearer ${token}`) });
    const line = JSON.stringify(
      logged((log) => log.info(`got ${token}`, { password: "hunter2", nested: [{ apiKey: "hunter2" }], error })),
    );
    assert.doesNotMatch(line, /hunter2|c2lnbmF0dXJl/);
    assert.match(line, /postgres:\/\/\[redacted\]@db/);
  });

  test("a line has the ids of the span that it was written in", () => {
    const span = new Tracer().startSpan("work");
    const line = logged((log) => inContext({ span, deadline: undefined }, () => log.info("here")));
    assert.equal(line["trace_id"], span.context.traceId);
    assert.equal(line["span_id"], span.context.spanId);
  });

  test("lower levels are not written, endless structures are cut", () => {
    assert.deepEqual(
      logged((log) => log.debug("quiet")),
      {},
    );
    const endless: { self?: unknown } = {};
    endless.self = endless;
    assert.match(JSON.stringify(logged((log) => log.info("x", { endless }))), /deeper/);
  });
});

describe("OTLP", () => {
  test("spans arrive with their parents, and a collector that fails costs spans, not requests", async () => {
    const bodies: string[] = [];
    let status = 200;
    const collector = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk) => (body += chunk));
      request.on("end", () => {
        bodies.push(body);
        response.writeHead(status).end();
      });
    }).listen(0, "127.0.0.1");
    await once(collector, "listening");
    const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
    const lines: string[] = [];
    const output = { write: (text: string) => void lines.push(text) };
    const make = () =>
      createTelemetry({
        name: "a",
        version: "1",
        config: { LOG_LEVEL: "info", OTEL_EXPORTER_OTLP_ENDPOINT: endpoint },
        output,
      });
    const good = make();
    await good.tracer.span("outer", () => good.tracer.span("inner", async () => undefined, { kind: "client" }));
    await good.close();
    const sent = JSON.parse(bodies[0] ?? "");
    const [inner, outer] = sent.resourceSpans[0].scopeSpans[0].spans;
    assert.equal(inner.parentSpanId, outer.spanId);
    assert.equal(inner.kind, 3);
    assert.match(outer.startTimeUnixNano, /^\d{19}$/);
    assert.ok(BigInt(outer.endTimeUnixNano) >= BigInt(outer.startTimeUnixNano));
    status = 500;
    const bad = make();
    bad.tracer.startSpan("lost").end();
    await bad.close();
    const dropped = [...bad.metrics.counter({ name: "otel_spans_dropped_total", help: "" }).samples()];
    assert.deepEqual(
      dropped.map(({ labels, value }) => [labels["reason"], value]),
      [["export", 1]],
    );
    assert.match(lines.join(""), /spans cannot be sent/);
    collector.close();
  });
});
