import { randomBytes } from "node:crypto";
import type { Clause } from "../clause.ts";
import { logSecondsMax } from "../limits.ts";
import type { ServiceProcess } from "../service-process.ts";
import { until } from "../until.ts";

const unknownPath = "/there/is/nothing/here";
const bigBody = "x".repeat(3 * 1024 * 1024);

export const describesProblems: Clause = {
  name: "answers an unknown path with a problem document",
  why: "Clients read one kind of error, and nobody reads the code of the service in it.",
  fault: async ({ running }) => {
    const answer = await running.get(unknownPath);
    if (answer?.status !== 404) return `GET ${unknownPath} answered ${answer?.status ?? "nothing"}, not 404`;
    if (!answer.type.startsWith("application/problem+json"))
      return `its type is ${answer.type || "not given"}, not application/problem+json`;
    const problem = parsed(answer.text);
    if (problem?.["status"] !== 404 || typeof problem["title"] !== "string")
      return `it has no status 404 and title: ${answer.text.slice(0, 200)}`;
    return /\.(ts|js|py|go|java|rs):\d+|Traceback|\bat .*\(.*:\d+/.test(answer.text)
      ? `it shows code: ${answer.text.slice(0, 200)}`
      : undefined;
  },
};

export const survivesBadInput: Clause = {
  name: "survives requests that are too large or broken",
  why: "One client must not be able to end the service for all others.",
  fault: async ({ running }) => {
    await running.get(unknownPath, { method: "POST", body: bigBody });
    await running.get(unknownPath, { headers: { "x-large": "y".repeat(200_000) } });
    await running.get(`${unknownPath}?${"%ff".repeat(500)}`, { headers: { traceparent: "00-nonsense" } });
    const answer = await running.get(unknownPath, {
      method: "POST",
      body: "{",
      headers: { "content-type": "application/json" },
    });
    if (running.end) return `it ended: ${running.said}`;
    if (answer === undefined || answer.status >= 500)
      return `broken JSON was answered with ${answer?.status ?? "nothing"}`;
    return (await running.answers("/livez", 200, 2)) ? undefined : "/livez does not answer any more";
  },
};

export const measures: Clause = {
  name: "shows its metrics",
  why: "Alerts, canaries and autoscaling ask for them by these names.",
  fault: async ({ running }) => {
    await running.get(unknownPath);
    const answer = await running.get("/metrics");
    if (answer?.status !== 200) return `GET /metrics answered ${answer?.status ?? "nothing"}`;
    if (!answer.type.startsWith("text/plain")) return `its type is ${answer.type}, not text/plain`;
    const lines = answer.text.split("\n");
    const wrong = lines.find((line) => line !== "" && !line.startsWith("#") && !sample.test(line));
    if (wrong !== undefined) return `this line is none of the exposition format: ${wrong}`;
    if (!answer.text.endsWith("\n")) return "the last line has no end";
    const bucket = lines.find((line) => line.startsWith("http_server_request_duration_seconds_bucket{"));
    if (!bucket) return "there is no histogram http_server_request_duration_seconds";
    const missing = ["method", "route", "status", "le"].filter((label) => !bucket.includes(`${label}="`));
    if (missing.length > 0) return `its buckets have no label ${missing.join(", ")}: ${bucket}`;
    return lines.some((line) => line.startsWith("process_resident_memory_bytes "))
      ? undefined
      : "there is no process_resident_memory_bytes";
  },
};

const sample =
  /^[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\.)*",?)*\})? (-?[0-9.]+(e[+-]?[0-9]+)?|[+-]Inf|NaN)( -?[0-9]+)?$/i;

export const boundsItsSeries: Clause = {
  name: "does not make a series of metrics of every path that is asked for",
  why: "A stranger who asks for many paths would fill the memory of Prometheus.",
  fault: async ({ running }) => {
    const marks = Array.from({ length: 20 }, () => randomBytes(8).toString("hex"));
    for (const mark of marks) await running.get(`/${mark}`);
    const { text = "" } = (await running.get("/metrics")) ?? {};
    const found = marks.filter((mark) => text.includes(mark));
    return found.length === 0 ? undefined : `${found.length} of ${marks.length} random paths are in /metrics`;
  },
};

export const logsAsJson: Clause = {
  name: "logs one JSON object a line, with the trace it belongs to",
  why: "Logs and traces are found by the trace id; a line that can't be read is found by nobody.",
  fault: async ({ running }) => {
    const wrong = running.lines.find((line) => !isLogLine(line));
    if (wrong !== undefined) return `this line has no time, level and message: ${wrong.slice(0, 200)}`;
    const trace = randomBytes(16).toString("hex");
    await running.get(unknownPath, { headers: { traceparent: `00-${trace}-${randomBytes(8).toString("hex")}-01` } });
    const isLogged = await until(() => hasTrace(running, trace), logSecondsMax);
    return isLogged ? undefined : `a request of trace ${trace} left no line with this trace_id`;
  },
};

function hasTrace(running: ServiceProcess, trace: string): boolean {
  return running.lines.some((line) => parsed(line)?.["trace_id"] === trace);
}

function isLogLine(line: string): boolean {
  const { time, level, message } = parsed(line) ?? {};
  return (
    typeof time === "string" &&
    !Number.isNaN(Date.parse(time)) &&
    typeof level === "string" &&
    typeof message === "string"
  );
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}
