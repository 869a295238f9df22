import type { IncomingHttpHeaders } from "node:http";

/** A request as a socket or a test brings it. */
export interface Incoming {
  readonly method: string;
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly remoteAddress: string;
  /** Fails with a problem 413 above the bound. */
  readBody(bytesMax: number): Promise<Uint8Array>;
  /** Calls back when the client has gone before the answer. */
  onGone(listener: () => void): void;
}

export interface Outgoing {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array;
}

export type Application = (incoming: Incoming) => Promise<Outgoing>;

export function headerText(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(", ") : value;
}
