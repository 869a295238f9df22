import { createService } from "../lifecycle/service.ts";
import { createTestTokens } from "./test-tokens.ts";
import type { Service, ServiceParts } from "../lifecycle/service.ts";
import type { TestTokens } from "./test-tokens.ts";

export interface BenchCall {
  readonly body?: unknown;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface BenchAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** What the body says; its shape is for the test to know. */
  json<T>(): T;
}

/** A service that runs in the process of its test, with tokens that the test makes. */
export interface ServiceBench {
  readonly service: Service;
  readonly tokens: TestTokens;
  readonly url: string;
  call(method: string, path: string, call?: BenchCall): Promise<BenchAnswer>;
  close(): Promise<void>;
}

/** Starts it, waits until it has made its tables and subscriptions, and holds its replies against what it declares. */
export async function benchService(parts: ServiceParts): Promise<ServiceBench> {
  const tokens = createTestTokens();
  const service = createService({ ...parts, tokens: tokens.verifier, checkReplies: true });
  const { url, started, close } = await service.listen();
  await started;
  const call = async (method: string, path: string, { body, token, headers }: BenchCall = {}): Promise<BenchAnswer> => {
    const sent: Record<string, string> = { "content-type": "application/json", ...headers };
    if (token !== undefined) sent["authorization"] = `Bearer ${token}`;
    const content = body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) };
    const response = await service.handle(new Request(`http://service${path}`, { method, headers: sent, ...content }));
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) };
  };
  return { service, tokens, url, call, close };
}
