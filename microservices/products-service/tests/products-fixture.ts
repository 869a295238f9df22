import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { createService, createTestTokens } from "@fairway/kit";
import { startPostgres } from "@fairway/postgres";
import { productsService } from "../src/service.ts";
import type { Service, TestTokens } from "@fairway/kit";

export interface Fixture {
  readonly service: Service;
  readonly tokens: TestTokens;
  call(method: string, path: string, options?: Call): Promise<Answer>;
  close(): Promise<void>;
}

export interface Call {
  readonly body?: unknown;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export async function startFixture(): Promise<Fixture> {
  const folder = mkdtempSync(join(tmpdir(), "products-service-"));
  const postgres = await startPostgres({ folder, databases: ["products"], durable: false });
  const tokens = createTestTokens();
  const parts = productsService({ PORT: "0", LOG_LEVEL: "error", DATABASE_URL: postgres.url("products") });
  const service = createService({ ...parts, tokens: tokens.verifier, checkReplies: true });
  const listening = await service.listen();
  await listening.started;
  const call = async (method: string, path: string, options: Call = {}): Promise<Answer> => {
    const headers: Record<string, string> = { "content-type": "application/json", ...options.headers };
    if (options.token !== undefined) headers["authorization"] = `Bearer ${options.token}`;
    const body = options.body === undefined ? {} : { body: JSON.stringify(options.body) };
    const response = await service.handle(new Request(`http://products${path}`, { method, headers, ...body }));
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  const close = async (): Promise<void> => {
    await listening.close();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { service, tokens, call, close };
}
