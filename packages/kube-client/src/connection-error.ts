import { KubeError } from "./kube-error.ts";

const untrusted: ReadonlySet<string> = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "CERT_HAS_EXPIRED",
  "CERT_NOT_YET_VALID",
  "CERT_SIGNATURE_FAILURE",
  "ERR_TLS_CERT_ALTNAME_INVALID",
]);

const advice: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there: is the cluster running?",
  ENOTFOUND: "the name of the server is unknown",
  EAI_AGAIN: "the name of the server can't be looked up now",
  EHOSTUNREACH: "no way leads to that address",
  ENETUNREACH: "no way leads to that network",
  ECONNRESET: "the connection was cut",
  EPIPE: "the connection was cut",
};

/** What an error of a connection means; that of a signal stays what it is. */
export function connectionError(what: string, error: unknown): unknown {
  if (!(error instanceof Error) || error.name === "AbortError" || error instanceof KubeError) return error;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (untrusted.has(code)) {
    const message = `${what}: the server's certificate is not trusted (${error.message}): check certificate-authority-data and tls-server-name`;
    return new KubeError("untrusted", message, { cause: error });
  }
  if (code === "ETIMEDOUT") return new KubeError("timeout", `${what}: ${error.message}`, { cause: error });
  const text = error.message === "" ? code : error.message;
  const hint = advice[code];
  return new KubeError("unreachable", `${what}: ${text}${hint === undefined ? "" : `: ${hint}`}`, { cause: error });
}
