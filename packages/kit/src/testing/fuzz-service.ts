import { createRandom } from "./random.ts";
import { goodValue, spoiled } from "./schema-values.ts";
import { operationsOf } from "./operations-of.ts";
import type { OpenApiParameter } from "../openapi/document.ts";
import type { Operation } from "./operations-of.ts";
import type { Random } from "./random.ts";
import type { Service } from "../lifecycle/service.ts";

export interface FuzzOptions {
  readonly seed: number;
  /** Requests for each operation. */
  readonly rounds: number;
  /** A token that opens an operation, so that the handler is reached. */
  readonly tokenFor: (roles: readonly string[]) => string;
  /** Sent with nearly every request in place of made-up ones: keys and signatures that nobody guesses. */
  readonly headers?: (body: string) => Readonly<Record<string, string>>;
}

export interface FuzzReport {
  readonly requests: number;
  /** How often each status came. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Operations that were answered with 2xx at least once: their handlers were reached. */
  readonly reached: readonly string[];
  readonly failures: readonly string[];
}

/**
 * Sends good, spoiled and broken requests to every operation that a service describes. Whatever comes, the answer is
 * declared, is never a 5xx and never shows the inside.
 */
export async function fuzzService(service: Service, options: FuzzOptions): Promise<FuzzReport> {
  const random = createRandom(options.seed);
  const statuses: Record<string, number> = {};
  const reached = new Set<string>();
  const failures: string[] = [];
  let requests = 0;
  for (const operation of operationsOf(service.document)) {
    const name = `${operation.method} ${operation.path}`;
    for (let round = 0; round < options.rounds; round++) {
      const made = makeRequest(operation, random, options);
      const response = await service.handle(made.request);
      const text = await response.text();
      requests++;
      statuses[response.status] = (statuses[response.status] ?? 0) + 1;
      if (response.ok) reached.add(name);
      const wrong = findFault(operation, response, text);
      if (wrong) failures.push(`${name} with ${made.shown}: ${wrong}`);
    }
  }
  return { requests, statuses, reached: [...reached], failures };
}

const shownCharacters = 300;
const insides = /node_modules|\n\s+at |\.ts:\d+|SQLSTATE|syntax error at|ECONNREFUSED/;

function findFault(operation: Operation, response: Response, text: string): string | undefined {
  const { status } = response;
  if (status >= 500) return `answered ${status}: ${text.slice(0, shownCharacters)}`;
  if (insides.test(text)) return `shows the inside: ${text.slice(0, shownCharacters)}`;
  if (!Object.hasOwn(operation.operation.responses, String(status)) && ![404, 405].includes(status)) {
    return `answered ${status}, which its document does not declare`;
  }
  const type = response.headers.get("content-type") ?? "";
  if (status >= 400 && type !== "application/problem+json") return `answered ${status} as ${type}`;
  return undefined;
}

interface MadeRequest {
  readonly request: Request;
  readonly shown: string;
}

function makeRequest(operation: Operation, random: Random, options: FuzzOptions): MadeRequest {
  const spoil = random.below(4);
  const parameters = operation.operation.parameters ?? [];
  const path = pathOf(operation, parameters, random, spoil === 1);
  const query = queryOf(parameters, random, spoil === 2);
  const headers: Record<string, string> = {};
  for (const parameter of parameters.filter((each) => each.in === "header")) {
    headers[parameter.name] = headerValue(valueOf(parameter, random, spoil === 2 && random.chance(0.3)));
  }
  const { access } = operation;
  const roles = typeof access === "object" ? access.roles : [];
  if (access !== "public" && random.chance(0.97)) headers["authorization"] = `Bearer ${options.tokenFor(roles)}`;
  const body = operation.operation.requestBody ? bodyOf(operation, random, spoil === 3) : undefined;
  if (body !== undefined) headers["content-type"] = random.chance(0.97) ? "application/json" : "text/plain";
  if (random.chance(0.9)) Object.assign(headers, options.headers?.(body ?? ""));
  const url = `http://service${path}${query}`;
  const request = new Request(url, {
    method: operation.method,
    headers,
    ...(body === undefined ? {} : { body }),
  });
  return { request, shown: `${path}${query} ${(body ?? "").slice(0, shownCharacters)}` };
}

const oddSegments = [
  "%00",
  "%ff",
  "..%2f..",
  "%2e%2e",
  "0",
  "-1",
  "x".repeat(3_000),
  "%F0%9F%9A%80",
  "'",
  "NaN",
] as const;

function pathOf(operation: Operation, parameters: readonly OpenApiParameter[], random: Random, spoil: boolean): string {
  return operation.path.replaceAll(/\{([^}]+)\}/g, (_, name: string) => {
    if (spoil) return random.pick(oddSegments);
    const parameter = parameters.find((each) => each.in === "path" && each.name === name);
    return encodeURIComponent(textOf(goodValue(parameter?.schema, random)));
  });
}

function queryOf(parameters: readonly OpenApiParameter[], random: Random, spoil: boolean): string {
  const query = new URLSearchParams();
  for (const parameter of parameters.filter((each) => each.in === "query")) {
    if (!parameter.required && random.chance(0.5)) continue;
    query.append(parameter.name, textOf(valueOf(parameter, random, spoil)));
    if (spoil && random.chance(0.2)) query.append(parameter.name, "again");
  }
  if (spoil && random.chance(0.3)) query.append(random.pick(["__proto__", "unknown", ""]), "1");
  return query.size === 0 ? "" : `?${query.toString()}`;
}

function valueOf(parameter: OpenApiParameter, random: Random, spoil: boolean): unknown {
  const good = goodValue(parameter.schema, random);
  return spoil ? spoiled(good, random) : good;
}

function bodyOf(operation: Operation, random: Random, spoil: boolean): string {
  const schema = operation.operation.requestBody?.content["application/json"]?.schema;
  const good = goodValue(schema, random);
  if (!spoil) return JSON.stringify(good);
  if (random.chance(0.15)) {
    const text = JSON.stringify(good);
    return random.pick(["", "{", text.slice(0, -1), `${text}x`, "[".repeat(5_000), '{"a":1e999}', "\ufeff{}"]);
  }
  return JSON.stringify(spoiled(good, random));
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(",");
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
}

/** What a header may hold at all; the rest never leaves a client. */
function headerValue(value: unknown): string {
  return textOf(value)
    .replaceAll(/[^\x20-\x7e]/g, "?")
    .slice(0, 1_000)
    .trim();
}
