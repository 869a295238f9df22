import { problem } from "./problem.ts";
import type { Application, Outgoing } from "./exchange.ts";

/** An application as a function from the web's `Request` to its `Response`, called in the process without a socket. */
export function fetchHandler(application: Application): (request: Request) => Promise<Response> {
  return async (request) => {
    const url = new URL(request.url);
    const bytes = new Uint8Array(await request.arrayBuffer());
    const { promise, resolve } = Promise.withResolvers<Outgoing>();
    application({
      method: request.method,
      target: `${url.pathname}${url.search}`,
      headers: Object.fromEntries(request.headers),
      remoteAddress: "127.0.0.1",
      readBody: (bytesMax, onBody, onFailure) => {
        if (bytes.length <= bytesMax) onBody(bytes);
        else onFailure(problem(413, `the body is larger than ${bytesMax} bytes`));
      },
      onGone: (listener) => request.signal.addEventListener("abort", listener, { once: true }),
      answer: resolve,
    });
    const outgoing = await promise;
    const bodiless = outgoing.body.length === 0 || request.method === "HEAD";
    const body = typeof outgoing.body === "string" ? outgoing.body : Buffer.from(outgoing.body);
    return new Response(bodiless ? null : body, { status: outgoing.status, headers: outgoing.headers });
  };
}
