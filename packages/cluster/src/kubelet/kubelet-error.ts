export type KubeletErrorCode =
  | "image-invalid"
  | "image-not-found"
  | "image-refused"
  | "image-name-invalid"
  | "config-missing"
  | "volume-failed"
  | "claim-unusable"
  | "devices-failed"
  | "start-failed"
  | "sandbox-failed"
  | "exec-failed"
  | "not-found"
  | "bad-request"
  | "unauthenticated"
  | "forbidden"
  | "tool-failed"
  | "protocol"
  | "api";

/** A failure of the kubelet or of what it relies on; the message is fit for a pod's event. */
export class KubeletError extends Error {
  override readonly name = "KubeletError";
  readonly code: KubeletErrorCode;

  constructor(code: KubeletErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** `ENOENT` and the like, where the failure is the operating system's. */
export function systemCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
