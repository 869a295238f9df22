import type { IncomingHttpHeaders } from "node:http";

/** A request as a socket or a test brings it. */
export interface Incoming {
  readonly method: string;
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly remoteAddress: string;
  /** Calls back once, with the body or with what is wrong with it: the problem 413 above the bound. */
  readBody(bytesMax: number, onBody: (bytes: Uint8Array) => void, onFailure: (error: unknown) => void): void;
  /** Calls back when the client has gone before the answer. */
  onGone(listener: () => void): void;
  /** Called once. */
  answer(outgoing: Outgoing): void;
}

export interface Outgoing {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array;
}

/** Answers each request in the end. Callbacks, because promises for what is there at once cost more than many a request. */
export type Application = (incoming: Incoming) => void;

export function headerText(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(", ") : value;
}
