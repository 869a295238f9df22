export type NetworkErrorCode = "cni-failed" | "tool-failed" | "dns-failed" | "address-taken";

/** A failure of the pods' network or of service addresses; the message is fit for a pod's event. */
export class NetworkError extends Error {
  override readonly name = "NetworkError";
  readonly code: NetworkErrorCode;

  constructor(code: NetworkErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
