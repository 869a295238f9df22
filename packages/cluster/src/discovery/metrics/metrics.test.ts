import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ApiRequest, ApiResponse } from "../../api/api-exchange.ts";
import { requestInfoOf } from "../../apiserver/request-info.ts";
import { builtInKinds, createKindRegistry } from "../../kinds/index.ts";
import { versionInfo } from "../version.ts";
import { metricsPages } from "./metrics-pages.ts";
import { createRequestMetrics } from "./request-metrics.ts";

const whole: ApiResponse = { kind: "whole", status: 200, headers: {}, body: "x".repeat(2_000) };

function server() {
  const clock = { ms: 0 };
  const requests = createRequestMetrics(() => clock.ms);
  const pages = metricsPages({
    store: { count: (prefix) => (prefix === "/registry/core/pods/" ? 7 : 0) },
    kinds: createKindRegistry(builtInKinds),
    requests,
    checks: [{ name: "ping", problem: () => undefined }],
    version: versionInfo({ version: "v26", platform: "linux/amd64" }),
  });
  const ask = (method: string, url: string, answer: Promise<ApiResponse>, type?: string) => {
    const [path = "", query] = url.split("?");
    const request: ApiRequest = {
      method,
      path,
      query: new URLSearchParams(query),
      headers: type === undefined ? {} : { "content-type": type },
      body: () => Promise.resolve(Buffer.alloc(0)),
      peer: { address: "", certificate: undefined },
      signal: new AbortController().signal,
    };
    return requests.measured(request, requestInfoOf(method, path, request.query), answer);
  };
  const read = async () => {
    const page = pages.get("/metrics")?.(undefined as never);
    assert.ok(page?.kind === "whole");
    return String(page.body).split("\n");
  };
  return { clock, ask, read };
}

describe("metrics", () => {
  test("count requests by what they asked for, and how long they took", async () => {
    const { clock, ask, read } = server();
    const { promise, resolve } = Promise.withResolvers<ApiResponse>();
    const pending = ask("PATCH", "/api/v1/namespaces/a/pods/b?dryRun=All", promise, "application/apply-patch+yaml");
    assert.ok((await read()).includes('apiserver_current_inflight_requests{request_kind="mutating"} 1'));
    clock.ms = 30;
    resolve(whole);
    await pending;
    const lines = await read();
    const labels =
      'component="apiserver",dry_run="All",group="",resource="pods",scope="resource",subresource="",verb="APPLY",version="v1"';
    assert.ok(lines.includes(`apiserver_request_total{code="200",${labels}} 1`));
    assert.ok(lines.includes(`apiserver_request_duration_seconds_bucket{${labels},le="0.025"} 0`));
    assert.ok(lines.includes(`apiserver_request_duration_seconds_bucket{${labels},le="0.05"} 1`));
    assert.ok(lines.includes(`apiserver_request_duration_seconds_sum{${labels}} 0.03`));
    assert.ok(lines.includes('apiserver_current_inflight_requests{request_kind="mutating"} 0'));
  });

  test("know the watches that are open until they end", async () => {
    const { ask, read } = server();
    async function* chunks() {
      yield await Promise.resolve("{}\n");
    }
    const stream: ApiResponse = { kind: "stream", status: 200, headers: {}, chunks: chunks() };
    const answer = await ask("GET", "/api/v1/pods?watch=1", Promise.resolve(stream));
    const open = (count: number) =>
      `apiserver_longrunning_requests{component="apiserver",group="",resource="pods",scope="cluster",subresource="",verb="WATCH",version="v1"} ${count}`;
    assert.ok((await read()).includes(open(1)));
    assert.ok(answer.kind === "stream");
    for await (const chunk of answer.chunks) assert.equal(chunk, "{}\n");
    assert.ok((await read()).includes(open(0)));
  });

  test("have a bounded number of names, whatever paths are asked for", async () => {
    const { ask, read } = server();
    for (let index = 0; index < 50; index++) await ask("GET", `/nope-${index}`, Promise.resolve(whole));
    const totals = (await read()).filter((line) => line.startsWith("apiserver_request_total{"));
    assert.equal(totals.length, 1);
  });

  test("say what is stored, what is well and what the process uses", async () => {
    const lines = await server().read();
    assert.ok(lines.includes('apiserver_storage_objects{resource="pods"} 7'));
    assert.ok(lines.includes('apiserver_resource_objects{group="apps",resource="deployments"} 0'));
    assert.ok(lines.includes('kubernetes_healthcheck{name="ping",type="livez"} 1'));
    assert.ok(lines.some((line) => line.startsWith("process_resident_memory_bytes ")));
    for (const line of lines.filter((each) => each !== "" && !each.startsWith("#")))
      assert.match(line, /^[a-z_0-9]+(?:\{.*\})? (?:\+Inf|NaN|-?[\d.e+-]+)$/u);
  });
});
