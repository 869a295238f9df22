import { messageCharactersMax } from "./limits.ts";
import type { KubeAnswer, KubeRequest } from "./kube-client.ts";

/** `config-…`: of the kubeconfig; `unreachable`, `untrusted`, `timeout`, `protocol`: of the connection; `not-applied`: some of many objects; the others: what the API server answered. */
export type KubeErrorCode =
  | "config-missing"
  | "config-invalid"
  | "config-unsupported"
  | "credentials"
  | "unreachable"
  | "untrusted"
  | "timeout"
  | "protocol"
  | "unauthorized"
  | "forbidden"
  | "not-found"
  | "conflict"
  | "gone"
  | "invalid"
  | "not-applied"
  | "throttled"
  | "server";

export interface KubeErrorDetails {
  readonly cause?: unknown;
  /** The HTTP status, when there was an answer. */
  readonly status?: number;
  /** The body of the answer, usually a `Status`. */
  readonly body?: unknown;
  readonly retryAfterSeconds?: number;
}

/** Why the cluster could not be spoken to, or what it answered that nobody expected. */
export class KubeError extends Error {
  override readonly name = "KubeError";
  readonly code: KubeErrorCode;
  readonly status: number | undefined;
  readonly body: unknown;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: KubeErrorCode, message: string, details: KubeErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.status = details.status;
    this.body = details.body;
    this.retryAfterSeconds = details.retryAfterSeconds;
  }

  /** Whether the same request may succeed a little later. */
  get isPassing(): boolean {
    return ["unreachable", "timeout", "throttled", "server"].includes(this.code);
  }
}

/** The part of `Status` that is looked at here. */
export interface KubeStatus {
  readonly message?: string;
  readonly reason?: string;
  readonly details?: {
    readonly kind?: string;
    readonly name?: string;
    readonly retryAfterSeconds?: number;
    readonly causes?: readonly { readonly reason?: string; readonly message?: string; readonly field?: string }[];
  };
}

export function statusOf(body: unknown): KubeStatus {
  return typeof body === "object" && body !== null ? (body as KubeStatus) : {};
}

/** What an answer that is no success says. */
export function failureOf(request: Pick<KubeRequest, "method" | "path">, answer: KubeAnswer): KubeError {
  const { message = "no reason given", details } = statusOf(answer.body);
  const seconds = answer.retryAfterSeconds ?? details?.retryAfterSeconds;
  const text = message.length > messageCharactersMax ? `${message.slice(0, messageCharactersMax)}...` : message;
  return new KubeError(codeOf(answer.status), `${request.method} ${request.path}: ${answer.status}: ${text}`, {
    status: answer.status,
    body: answer.body,
    ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }),
  });
}

export function requireSuccess(request: Pick<KubeRequest, "method" | "path">, answer: KubeAnswer): unknown {
  if (answer.status >= 200 && answer.status < 300) return answer.body;
  throw failureOf(request, answer);
}

const codes: Readonly<Record<number, KubeErrorCode>> = {
  401: "unauthorized",
  403: "forbidden",
  404: "not-found",
  409: "conflict",
  410: "gone",
  429: "throttled",
};

function codeOf(status: number): KubeErrorCode {
  return codes[status] ?? (status >= 500 ? "server" : "invalid");
}
