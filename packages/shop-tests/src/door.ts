import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP } from "node:net";
import type { IncomingHttpHeaders, RequestOptions } from "node:http";

export interface DoorAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface DoorRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

const timeoutMs = 30_000;

/** The way into a shop: where it is, and under which name it knows itself. */
export class Door {
  readonly url: URL;
  /** Where the name leads to, when it is not what the machine would say. */
  readonly address: string | undefined;

  /** Names below `localhost` are this machine, whether it knows that or not. */
  constructor(url: string, address?: string) {
    this.url = new URL(url);
    this.address = address ?? (this.url.hostname.endsWith(".localhost") ? "127.0.0.1" : undefined);
  }

  send({ method, path, headers, body }: DoorRequest): Promise<DoorAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<DoorAnswer>();
    const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
    const options: RequestOptions = {
      method,
      headers: { ...headers, ...length },
      agent: false,
      signal: AbortSignal.timeout(timeoutMs),
      ...(this.address === undefined ? {} : { lookup: alwaysTo(this.address) }),
    };
    const request = this.url.protocol === "https:" ? requestHttps : requestHttp;
    request(new URL(path, this.url), options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
    })
      .on("error", reject)
      .end(body);
    return promise;
  }
}

function alwaysTo(address: string): NonNullable<RequestOptions["lookup"]> {
  const family = isIP(address);
  return (_, { all }, answer) => {
    if (all === true) answer(null, [{ address, family }]);
    else answer(null, address, family);
  };
}
