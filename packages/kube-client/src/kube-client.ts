/**
 * How everybody here speaks to an API server: in its own protocol, over a socket or in process, so that they work the same against the
 * embedded one and the real one.
 */
export interface KubeClient {
  readonly request: (request: KubeRequest) => Promise<KubeAnswer>;
  /** The events of a watch; ends when the server ends it, throws when the connection breaks. */
  readonly watch: (
    path: string,
    query: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ) => AsyncIterable<KubeWatchEvent>;
}

export interface KubeRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** `/api/v1/namespaces/default/pods/web` */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Of a PATCH, e.g. `application/merge-patch+json`. */
  readonly contentType?: string;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

export interface KubeAnswer {
  readonly status: number;
  /** The decoded JSON: an object, a list, or a `Status`. */
  readonly body: unknown;
  /** How long the server wants to be left alone, when it says so. */
  readonly retryAfterSeconds?: number;
  /** What the server wants the user to know. */
  readonly warnings?: readonly string[];
}

export interface KubeWatchEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  readonly object: unknown;
}

/** What only a socket can do: answers that go on, such as logs. */
export interface StreamingKubeClient extends KubeClient {
  readonly stream: (request: KubeRequest) => Promise<KubeStreamAnswer>;
}

export type KubeStreamAnswer =
  | { readonly status: 200; readonly bytes: AsyncIterable<Buffer> }
  /** Of any other status the whole answer. */
  | { readonly status: number; readonly body: unknown; readonly bytes?: undefined };
