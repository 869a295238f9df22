export type EventErrorCode = "malformed" | "too_large" | "unavailable" | "closed";

export class EventError extends Error {
  override readonly name = "EventError";
  readonly code: EventErrorCode;
  readonly retry: boolean;

  constructor(code: EventErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.retry = code === "unavailable";
  }
}
