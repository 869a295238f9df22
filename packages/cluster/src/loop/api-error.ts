export type ApiErrorCode =
  | "not-found"
  | "already-exists"
  | "conflict"
  | "invalid"
  | "forbidden"
  | "namespace-terminating"
  | "gone"
  | "too-many-requests"
  | "unavailable";

/** The API server said no. */
export class ApiError extends Error {
  readonly code: ApiErrorCode;
  readonly status: number;
  readonly reason: string;
  /** The `Status` object as it came. */
  readonly answer: unknown;

  constructor(request: string, status: number, answer: unknown) {
    const { reason, message } = wordsOf(answer);
    super(`${request}: ${message === "" ? `the server answered ${status}` : message}`);
    this.name = "ApiError";
    this.status = status;
    this.reason = reason;
    this.answer = answer;
    this.code = codeOf(status, reason, answer);
  }
}

export function hasCode(error: unknown, code: ApiErrorCode): boolean {
  return error instanceof ApiError && error.code === code;
}

/** Waits for an answer; undefined when the server says one of the codes. */
export async function unless<T>(codes: readonly ApiErrorCode[], answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiError && codes.includes(error.code)) return undefined;
    throw error;
  }
}

/** The message alone, as events show it. */
export function messageOf(error: unknown): string {
  if (error instanceof ApiError) {
    const { message } = wordsOf(error.answer);
    return message === "" ? error.message : message;
  }
  return error instanceof Error ? error.message : String(error);
}

interface StatusWords {
  readonly reason?: unknown;
  readonly message?: unknown;
  readonly details?: { readonly causes?: readonly { readonly reason?: unknown }[] };
}

function wordsOf(answer: unknown): { reason: string; message: string } {
  if (typeof answer !== "object" || answer === null) return { reason: "", message: "" };
  const { reason, message } = answer as StatusWords;
  return {
    reason: typeof reason === "string" ? reason : "",
    message: typeof message === "string" ? message : "",
  };
}

function codeOf(status: number, reason: string, answer: unknown): ApiErrorCode {
  switch (status) {
    case 404:
      return "not-found";
    case 409:
      return reason === "AlreadyExists" ? "already-exists" : "conflict";
    case 410:
      return "gone";
    case 403: {
      const causes = (answer as StatusWords | null)?.details?.causes ?? [];
      return causes.some((cause) => cause.reason === "NamespaceTerminating") ? "namespace-terminating" : "forbidden";
    }
    case 400:
    case 413:
    case 422:
      return "invalid";
    case 429:
      return "too-many-requests";
    default:
      return "unavailable";
  }
}
