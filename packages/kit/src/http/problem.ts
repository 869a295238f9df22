import { STATUS_CODES } from "node:http";

export interface ProblemOptions {
  /** An address that names the kind of problem; programs tell problems apart by it. */
  readonly type?: string;
  readonly title?: string;
  /** What was found and what to do, for the one who made this request. */
  readonly detail?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** For the log, never for the wire. */
  readonly cause?: unknown;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** An answer that is not the wanted one, as RFC 9457 writes it. Thrown by handlers, sent as `application/problem+json`. */
export class HttpProblem extends Error {
  override readonly name = "HttpProblem";
  readonly status: number;
  readonly type: string;
  readonly title: string;
  readonly detail: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly extensions: Readonly<Record<string, unknown>>;

  constructor(status: number, options: ProblemOptions = {}) {
    const title = options.title ?? STATUS_CODES[status] ?? "Error";
    super(options.detail ?? title, options.cause === undefined ? undefined : { cause: options.cause });
    this.status = status;
    this.type = options.type ?? "about:blank";
    this.title = title;
    this.detail = options.detail;
    this.headers = options.headers ?? {};
    this.extensions = options.extensions ?? {};
  }

  toJSON(): Record<string, unknown> {
    return {
      type: this.type,
      title: this.title,
      status: this.status,
      ...(this.detail === undefined ? {} : { detail: this.detail }),
      ...this.extensions,
    };
  }
}

export function problem(status: number, options: ProblemOptions | string = {}): HttpProblem {
  return new HttpProblem(status, typeof options === "string" ? { detail: options } : options);
}
