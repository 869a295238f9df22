import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { checkRuntimeContract } from "./contract.ts";

/** A service in one line that keeps what it is told to keep. */
const service = `
  const http = require("node:http");
  const broken = process.env.BROKEN;
  const say = (message, more) => console.log(broken === "log" ? message : JSON.stringify({ time: new Date().toISOString(), level: "info", message, ...more }));
  if (!/^[0-9]+$/.test(process.env.PORT) && broken !== "port") { console.error("PORT is wrong"); process.exit(2); }
  let stopping = false;
  const paths = new Set();
  const server = http.createServer((request, response) => {
    const send = (status, type, text) => response.writeHead(status, { "content-type": type, ...(stopping ? { connection: "close" } : {}) }).end(text);
    const path = request.url.split("?")[0];
    if (path === "/livez") return send(200, "text/plain", "ok");
    if (path === "/readyz") return send(broken === "ready" ? 503 : 200, "text/plain", "ok");
    if (path === "/metrics") return send(200, "text/plain", (broken === "metrics" ? "" : 'http_server_request_duration_seconds_bucket{method="GET",route="(none)",status="404",le="+Inf"} 1\\nprocess_resident_memory_bytes 1\\n')
      + (broken === "series" ? [...paths].map((each) => 'seen{path="' + each + '"} 1\\n').join("") : "") || "\\n");
    paths.add(path);
    const trace_id = /^00-([0-9a-f]{32})/.exec(request.headers.traceparent ?? "")?.[1];
    if (broken !== "trace") say("request", { trace_id });
    if (broken === "crash" && request.method === "POST") process.exit(1);
    request.resume().once("end", () => send(404, broken === "problem" ? "text/html" : "application/problem+json", JSON.stringify({ status: 404, title: "none" })));
  });
  server.on("error", (error) => { console.error(error.message); process.exit(broken === "taken" ? 0 : 1); });
  const host = broken === "host" ? "0.0.0.0" : process.env.HOST;
  server.listen(/^[0-9]+$/.test(process.env.PORT) ? Number(process.env.PORT) : 0, host);
  process.on("SIGTERM", () => (stopping = true, broken === "drain" ? process.exit(0) : (server.close(() => process.exit(broken === "code" ? 143 : 0)), server.closeIdleConnections())));
`;

const found: Readonly<Record<string, string>> = {
  host: "listens on no other address than HOST",
  problem: "answers an unknown path with a problem document",
  metrics: "shows its metrics",
  series: "does not make a series of metrics of every path that is asked for",
  trace: "logs one JSON object a line, with the trace it belongs to",
  crash: "survives requests that are too large or broken",
  taken: "says when its port is taken",
  drain: "finishes what it has begun when it is told to end, and ends with 0",
  code: "finishes what it has begun when it is told to end, and ends with 0",
};

describe("the runtime contract", { concurrency: 2 }, () => {
  test("is kept by a service that does what it says", async () => {
    assert.deepEqual(await brokenClauses(""), []);
  });

  for (const [fault, clause] of Object.entries(found)) {
    test(`finds a service that breaks: ${clause} (${fault})`, async () => {
      assert.ok((await brokenClauses(fault)).includes(clause));
    });
  }

  test("says what a service that ends at once printed, and checks nothing else of it", async () => {
    const results = await checkRuntimeContract({
      command: process.execPath,
      args: ["-e", "console.error('no database'); process.exit(3)"],
    });
    assert.match(results[0]?.detail ?? "", /exit code 3[^]*no database/);
    assert.ok(results.slice(1).every(({ outcome }) => outcome === "not checked"));
  });

  test("says that a program is not there", async () => {
    const [first] = await checkRuntimeContract({ command: "there-is-no-such-program", args: [] });
    assert.match(first?.detail ?? "", /ENOENT/);
  });
});

async function brokenClauses(fault: string): Promise<readonly string[]> {
  const results = await checkRuntimeContract({
    command: process.execPath,
    args: ["-e", service],
    env: { BROKEN: fault },
  });
  return results.filter(({ outcome }) => outcome === "broken").map(({ clause }) => clause);
}
