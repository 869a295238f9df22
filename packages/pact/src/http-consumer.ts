import { ContractError } from "./contract-error.ts";
import { edgeName } from "./edge.ts";
import { engine, specification } from "./engine.ts";
import { recordPact } from "./pact-file.ts";
import type { ConsumerInteraction, ConsumerPact } from "@pact-foundation/pact-core";
import type { Edge } from "./edge.ts";

export interface HttpExchange {
  readonly description: string;
  /** What has to be so at the provider; its tests make it so by this name. */
  readonly given?: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly query?: readonly (readonly [string, string])[];
    readonly headers?: Readonly<Record<string, unknown>>;
    readonly body?: unknown;
  };
  readonly response: {
    readonly status: number;
    readonly headers?: Readonly<Record<string, unknown>>;
    readonly body?: unknown;
    readonly contentType?: string;
  };
}

export interface HttpContract extends Edge {
  /** Where the contracts of the consumer lie. */
  readonly folder: string;
  readonly exchanges: readonly HttpExchange[];
}

/**
 * Runs the consumer's own code against a provider that answers as the contract says, and keeps the contract when each
 * exchange took place as it was described.
 */
export async function consumeHttp(contract: HttpContract, use: (providerUrl: string) => Promise<void>): Promise<void> {
  const pact = engine().makeConsumerPact(contract.consumer, contract.provider, specification, "error");
  for (const exchange of contract.exchanges) describe(pact, exchange);
  const port = pact.createMockServer("127.0.0.1", 0, false);
  try {
    await use(`http://127.0.0.1:${port}`).catch((error: unknown) => {
      throw broken(contract, pact, port, error) ?? error;
    });
    const problem = broken(contract, pact, port);
    if (problem) throw problem;
    recordPact(contract.folder, contract, (folder) => pact.writePactFile(folder, false));
  } finally {
    pact.cleanupMockServer(port);
  }
}

function broken(contract: HttpContract, pact: ConsumerPact, port: number, cause?: unknown): ContractError | undefined {
  const mismatches = pact.mockServerMismatches(port);
  if (mismatches.length === 0 && pact.mockServerMatchedSuccessfully(port)) return undefined;
  // What was not asked follows from the failure of what was asked before it.
  const told =
    cause === undefined
      ? mismatches
      : mismatches.filter((each) => !("type" in each) || each.type !== "missing-request");
  const lines = told.map((each) => JSON.stringify(each));
  if (cause !== undefined) lines.unshift(cause instanceof Error ? cause.message : String(cause));
  return new ContractError(
    "not-kept-by-consumer",
    edgeName(contract),
    `the consumer asked otherwise: ${lines.join("\n")}`,
  );
}

function describe(pact: ConsumerPact, { description, given, request, response }: HttpExchange): void {
  const made = pact.newInteraction(description);
  made.uponReceiving(description);
  if (given !== undefined) made.given(given);
  made.withRequest(request.method, request.path);
  describeRequest(made, request);
  made.withStatus(response.status);
  for (const [name, value] of Object.entries(response.headers ?? {}))
    made.withResponseHeader(name, 0, headerText(value));
  if (response.body !== undefined) {
    made.withResponseBody(JSON.stringify(response.body), response.contentType ?? "application/json");
  }
}

function describeRequest(made: ConsumerInteraction, { query, headers, body }: HttpExchange["request"]): void {
  const seen = new Map<string, number>();
  for (const [name, value] of query ?? []) {
    const index = seen.get(name) ?? 0;
    made.withQuery(name, index, value);
    seen.set(name, index + 1);
  }
  for (const [name, value] of Object.entries(headers ?? {})) made.withRequestHeader(name, 0, headerText(value));
  if (body !== undefined) made.withRequestBody(JSON.stringify(body), "application/json");
}

function headerText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
