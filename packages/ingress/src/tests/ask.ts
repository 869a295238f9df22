import { request } from "node:http";
import type { IncomingHttpHeaders, RequestOptions } from "node:http";

export interface Asked {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly trailers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
}

/** One request on a connection of its own. */
export function ask(url: string, options: RequestOptions & { readonly body?: string | Buffer } = {}): Promise<Asked> {
  const { body, ...rest } = options;
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { agent: false, ...rest }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("error", reject);
      answer.on("end", () =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          trailers: answer.trailers,
          text: Buffer.concat(chunks).toString("utf8"),
        }),
      );
    });
    outgoing.on("error", reject).end(body);
  });
}

export async function askHost(
  url: string,
  host: string,
  options: RequestOptions & { readonly body?: string } = {},
): Promise<Asked> {
  return ask(url, { ...options, headers: { ...options.headers, host } });
}
