import type { ApiRequest, ApiResponse } from "../api/api-exchange.ts";

/** One thing that has to be well. */
export interface HealthCheck {
  readonly name: string;
  /** Where it is asked; everywhere unless said. */
  readonly on?: readonly HealthPath[];
  /** What is wrong; undefined: nothing. */
  readonly problem: () => string | undefined;
}

export type HealthPath = "healthz" | "livez" | "readyz";

export const healthPaths: readonly HealthPath[] = ["healthz", "livez", "readyz"];

const headers = { "content-type": "text/plain; charset=utf-8", "cache-control": "no-cache, private" };
const sniffless = { ...headers, "x-content-type-options": "nosniff" };

/** `/livez`, `/livez/etcd`; undefined when there is no such path. */
export function answerHealth(
  checks: readonly HealthCheck[],
  path: string,
  { query, method }: Pick<ApiRequest, "query" | "method">,
): ApiResponse | undefined {
  const [, first = "", ...rest] = path.split("/");
  const where = healthPaths.find((each) => each === first);
  if (where === undefined) return undefined;
  const asked = checksOn(checks, where);
  const answer = rest.length === 0 ? answerAll(asked, where, query) : answerOne(asked, rest.join("/"));
  return method === "HEAD" && answer?.kind === "whole" ? { ...answer, body: "" } : answer;
}

export function checksOn(checks: readonly HealthCheck[], where: HealthPath): readonly HealthCheck[] {
  return checks.filter(({ on }) => on === undefined || on.includes(where));
}

function answerAll(checks: readonly HealthCheck[], where: HealthPath, query: URLSearchParams): ApiResponse {
  const excluded = new Set(query.getAll("exclude"));
  const results = checks.map(({ name, problem }) => {
    const isExcluded = excluded.has(name);
    return { name, isExcluded, isWell: isExcluded || problem() === undefined };
  });
  const lines = results.map(({ name, isExcluded, isWell }) =>
    isExcluded ? `[+]${name} excluded: ok` : isWell ? `[+]${name} ok` : `[-]${name} failed: reason withheld`,
  );
  const isWell = results.every((result) => result.isWell);
  const report = [...lines, ...warningsOf(excluded, checks), `${where} check ${isWell ? "passed" : "failed"}`];
  const body = isWell && !query.has("verbose") ? "ok" : `${report.join("\n")}\n`;
  return { kind: "whole", status: isWell ? 200 : 500, headers: sniffless, body };
}

function warningsOf(excluded: ReadonlySet<string>, checks: readonly HealthCheck[]): readonly string[] {
  const unknown = [...excluded].filter((name) => !checks.some((check) => check.name === name)).toSorted();
  if (unknown.length === 0) return [];
  const names = unknown.map((name) => JSON.stringify(name)).join(",");
  return [`warn: some health checks cannot be excluded: no matches for ${names}`];
}

function answerOne(checks: readonly HealthCheck[], name: string): ApiResponse | undefined {
  const check = checks.find((each) => each.name === name);
  if (!check) return undefined;
  const problem = check.problem();
  if (problem === undefined) return { kind: "whole", status: 200, headers, body: "ok" };
  return { kind: "whole", status: 500, headers: sniffless, body: `internal server error: ${problem}\n` };
}
