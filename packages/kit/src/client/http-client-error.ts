import type { IncomingHttpHeaders } from "node:http";

export type HttpClientErrorCode = "unreachable" | "timeout" | "cancelled" | "bad_status" | "bad_answer";

interface Details {
  readonly cause?: unknown;
  readonly reply?: { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: unknown };
  readonly pauseMs?: number | undefined;
}

/** A call to another service that brought no good answer. */
export class HttpClientError extends Error {
  override readonly name = "HttpClientError";
  readonly code: HttpClientErrorCode;
  /** The status of the answer, if there was one. */
  readonly status: number | undefined;
  readonly body: unknown;
  /** Whether the same call may succeed later. */
  readonly retry: boolean;
  /** How long the other side asks to wait. */
  readonly pauseMs: number | undefined;

  constructor(code: HttpClientErrorCode, message: string, details: Details) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.status = details.reply?.status;
    this.body = details.reply?.body;
    this.pauseMs = details.pauseMs;
    this.retry =
      code === "unreachable" || code === "timeout" || [429, 502, 503, 504].includes(details.reply?.status ?? 0);
  }
}
