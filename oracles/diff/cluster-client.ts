import type { IncomingMessage } from "node:http";
import { Agent, request } from "node:https";
import { OracleError } from "../machine/oracle-error.ts";
import type { ClusterAccess } from "./kubeconfig.ts";
import { answerBytesMax, requestTimeoutMs } from "./limits.ts";

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface HttpQuestion {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

/** Plain HTTP to a cluster, with nothing of a Kubernetes client in it: what is compared is what is on the wire. */
export class ClusterClient {
  readonly #access: ClusterAccess;
  readonly #agent: Agent;
  /** For requests that bring credentials of their own: a certificate would count before them. */
  readonly #plainAgent: Agent;

  constructor(access: ClusterAccess) {
    this.#access = access;
    const { ca, certificate: cert, key } = access;
    this.#agent = new Agent({ keepAlive: true, ...(ca && { ca }), ...(cert && key && { cert, key }) });
    this.#plainAgent = new Agent({ keepAlive: true, ...(ca && { ca }) });
  }

  close(): void {
    this.#agent.destroy();
    this.#plainAgent.destroy();
  }

  async send(question: HttpQuestion): Promise<HttpAnswer> {
    const answer = await this.open(question);
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > answerBytesMax) throw new OracleError("command-failed", `the answer to ${question.path} is too long`);
    }
    return { ...headOf(answer), body: Buffer.concat(chunks).toString("utf8") };
  }

  /** The answer before its body: for a watch, which has no end. */
  async open(question: HttpQuestion): Promise<IncomingMessage> {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const isOwn = question.headers.some(([name]) => name.toLowerCase() === "authorization");
    const agent = isOwn ? this.#plainAgent : this.#agent;
    const options = { method: question.method, agent, headers: this.#headersOf(question) };
    const sent = request(
      new URL(question.path, this.#access.server),
      { ...options, timeout: requestTimeoutMs },
      resolve,
    );
    sent.on("timeout", () =>
      sent.destroy(new OracleError("command-failed", `no answer to ${question.method} ${question.path}`)),
    );
    sent.on("error", reject);
    sent.end(question.body === "" ? undefined : question.body);
    return promise;
  }

  #headersOf(question: HttpQuestion): Record<string, string | string[]> {
    const headers: Record<string, string | string[]> = { accept: "application/json" };
    if (this.#access.token !== undefined) headers["authorization"] = `Bearer ${this.#access.token}`;
    for (const [name, value] of question.headers) {
      const key = name.toLowerCase();
      const known = headers[key];
      headers[key] = key === "impersonate-group" && known !== undefined ? [known, value].flat() : value;
    }
    if (question.body !== "" && headers["content-type"] === undefined) headers["content-type"] = "application/json";
    // Node frames the body of a DELETE only when it is told its length.
    headers["content-length"] = String(Buffer.byteLength(question.body));
    return headers;
  }
}

export function headOf(answer: IncomingMessage): Pick<HttpAnswer, "status" | "headers"> {
  return { status: answer.statusCode ?? 0, headers: flat(answer.headers) };
}

function flat(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join("\n") : (value ?? ""),
  ]);
  return Object.fromEntries(entries);
}
