import type { Duplex } from "node:stream";

/** A request as the API server sees it, from a socket or from the same process. */
export interface ApiRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Reads the whole body, bounded; whoever asks again is given the same. */
  readonly body: () => Promise<Buffer>;
  readonly peer: Peer;
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
}

/** Who is at the other end of the connection, before anybody asked for a token. */
export interface Peer {
  readonly address: string;
  /** The subject of the client certificate that our authority signed: user and groups. */
  readonly certificate: { readonly user: string; readonly groups: readonly string[] } | undefined;
  /** One that our authority did not sign was shown. */
  readonly hasForeignCertificate?: true;
  /** Set by callers in the same process, who need no proof. */
  readonly trustedUser?: UserInfo;
}

export interface UserInfo {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

export type ApiResponse =
  | {
      readonly kind: "whole";
      readonly status: number;
      readonly headers: Readonly<Record<string, string | readonly string[]>>;
      readonly body: Buffer | string;
    }
  /** Sent piece by piece, as watches and logs are. */
  | {
      readonly kind: "stream";
      readonly status: number;
      readonly headers: Readonly<Record<string, string | readonly string[]>>;
      readonly chunks: AsyncIterable<Buffer | string>;
    }
  /** The connection is taken over: exec, attach, port-forward. */
  | { readonly kind: "upgrade"; readonly accept: (socket: Duplex, head: Buffer) => void };
