import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { createService } from "@fairway/kit";
import { startPostgres } from "@fairway/postgres";
import { authService } from "../src/service.ts";
import type { ListeningService, Service, TokenVerifier } from "@fairway/kit";

export const adminEmail = "admin@example.com";
export const password = "correct horse battery";

export interface AuthFixture {
  readonly service: Service;
  call(method: string, path: string, options?: AuthCall): Promise<AuthAnswer>;
  /** Another replica on the same database. */
  replica(secret?: string, tokens?: TokenVerifier): Service;
  close(): Promise<void>;
}

export interface AuthCall {
  readonly body?: unknown;
  readonly token?: string;
}

export interface AuthAnswer {
  readonly status: number;
  readonly headers: Headers;
  // What a test reads is checked by what the test expects of it.
  readonly body: Readonly<Record<string, string>> & { readonly keys?: readonly Readonly<Record<string, string>>[] };
}

export async function startAuth(): Promise<AuthFixture> {
  const folder = mkdtempSync(join(tmpdir(), "auth-service-"));
  const postgres = await startPostgres({ folder, databases: ["auth"], durable: false });
  const replica = (secret = "a secret of the tests", tokens?: TokenVerifier): Service =>
    createService({
      ...authService({
        PORT: "0",
        LOG_LEVEL: "error",
        DATABASE_URL: postgres.url("auth"),
        AUTH_KEY_SECRET: secret,
        ADMIN_EMAIL: adminEmail,
        ADMIN_PASSWORD: password,
      }),
      checkReplies: true,
      ...(tokens ? { tokens } : {}),
    });
  const service = replica();
  const listening: ListeningService = await service.listen();
  await listening.started;
  return {
    service,
    replica,
    call: (method, path, options) => call(service, `${method} ${path}`, options),
    close: async () => {
      await listening.close();
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function call(service: Service, line: string, options: AuthCall = {}): Promise<AuthAnswer> {
  const [method = "", path = ""] = line.split(" ");
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (options.token !== undefined) headers["authorization"] = `Bearer ${options.token}`;
  const body = options.body === undefined ? {} : { body: JSON.stringify(options.body) };
  const response = await service.handle(new Request(`http://auth${path}`, { method, headers, ...body }));
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === "" ? {} : JSON.parse(text) };
}
