import { Agent, request } from "node:https";
import { apiAnswerBytesMax, requestMs } from "../machine/limits.ts";
import { OracleError, systemCodeOf } from "../machine/oracle-error.ts";
import type { Access } from "./kubeconfig.ts";

export interface ApiAnswer {
  /** 0 when nobody answered. */
  readonly status: number;
  readonly body: string;
}

export interface ApiClient {
  send(method: "GET" | "POST" | "DELETE", path: string, body?: unknown): Promise<ApiAnswer>;
  close(): void;
}

/** The few requests that the starter makes itself. A refused connection is an answer: the server is not up yet. */
export function connect(access: Access): ApiClient {
  const agent = new Agent({ ca: access.authority, keepAlive: true });
  return {
    send: async (method, path, body) => send({ access, agent }, { method, path, body }),
    close: () => agent.destroy(),
  };
}

async function send(
  to: { access: Access; agent: Agent },
  what: { method: string; path: string; body: unknown },
): Promise<ApiAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<ApiAnswer>();
  const text = what.body === undefined ? undefined : JSON.stringify(what.body);
  const headers = { authorization: `Bearer ${to.access.token}`, "content-type": "application/json" };
  const url = new URL(what.path, to.access.server);
  const sent = request(url, { method: what.method, agent: to.agent, headers, timeout: requestMs }, (answer) => {
    let received = "";
    answer.setEncoding("utf8");
    answer.on("data", (chunk: string) => {
      received += chunk;
      if (received.length > apiAnswerBytesMax) {
        answer.destroy(new OracleError("bad-input", `the answer to ${what.path} is longer than ${apiAnswerBytesMax}`));
      }
    });
    answer.on("end", () => resolve({ status: answer.statusCode ?? 0, body: received }));
    answer.on("error", reject);
  });
  sent.on("timeout", () => {
    resolve({ status: 0, body: "" });
    sent.destroy();
  });
  sent.on("error", (error) => {
    const code = systemCodeOf(error);
    if (code !== undefined && notUpYet.has(code)) resolve({ status: 0, body: "" });
    else reject(error);
  });
  sent.end(text);
  return promise;
}

const notUpYet = new Set(["ECONNREFUSED", "ECONNRESET", "EHOSTUNREACH", "ENETUNREACH"]);
