import { pathParameters } from "./router.ts";
import type { Static, TSchema } from "../schema.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { Span } from "../telemetry/tracer.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/**
 * Who may call. `public`: anybody, a token is not looked at. `optional`: anybody, but a token that is sent has to be
 * good. `authenticated`: any good token. `roles`: a good token with one of these roles.
 */
export type Access = "public" | "optional" | "authenticated" | { readonly roles: readonly string[] };

export interface Caller {
  readonly subject: string;
  readonly roles: readonly string[];
  readonly token: string;
}

type Input<S extends TSchema | undefined> = S extends TSchema ? Static<S> : undefined;
type CallerFor<A extends Access> = A extends "public" ? undefined : A extends "optional" ? Caller | undefined : Caller;

export interface RouteRequest<P = unknown, Q = unknown, H = unknown, B = unknown, C = Caller | undefined> {
  readonly method: string;
  /** With the query, as it was sent. */
  readonly target: string;
  readonly params: P;
  readonly query: Q;
  readonly headers: H;
  readonly body: B;
  /** As received, for signatures. */
  readonly rawBody: Uint8Array;
  readonly rawHeaders: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly remoteAddress: string;
  readonly caller: C;
  readonly log: Logger;
  /** Aborted when the caller has gone or the time is over. */
  readonly signal: AbortSignal;
  readonly span: Span;
}

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

type ReplyWith<Status, Body> = undefined extends Body
  ? { readonly status: Status; readonly body?: Body; readonly headers?: Readonly<Record<string, string>> }
  : { readonly status: Status; readonly body: Body; readonly headers?: Readonly<Record<string, string>> };

export type Responses = Readonly<Record<number, TSchema>>;

/** What is only sent may be read-only, however deep. */
type Sent<T> = T extends Uint8Array
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Sent<Item>[]
    : T extends object
      ? { readonly [Name in keyof T]: Sent<T[Name]> }
      : T;

type ReplyOf<R extends Responses> = { [S in keyof R]: ReplyWith<S, Sent<Static<R[S] & TSchema>>> }[keyof R];

export interface RouteOptions<P, Q, H, B, R, A, C, D> {
  readonly method: Method;
  /** As OpenAPI writes it: `/orders/{id}`. `{rest*}` at the end takes all that follows. */
  readonly path: string;
  readonly summary: string;
  readonly tags?: readonly string[];
  readonly params?: P;
  readonly query?: Q;
  readonly headers?: H;
  readonly body?: B;
  readonly responses: R;
  /** Problems that the handler itself answers with, for the document; those of the kit are known. */
  readonly problems?: readonly number[];
  readonly access: A;
  readonly bodyBytesMax?: number;
  readonly timeoutMs?: number;
  /** Left out of the OpenAPI document. */
  readonly hidden?: boolean;
  readonly handler: (request: C) => Promise<D> | D;
}

/** A route whose types have been checked and are no longer needed. */
export type Route = RouteOptions<
  TSchema | undefined,
  TSchema | undefined,
  TSchema | undefined,
  TSchema | undefined,
  Responses,
  Access,
  RouteRequest,
  Reply
>;

export function route<
  const R extends Responses,
  const A extends Access,
  P extends TSchema | undefined = undefined,
  Q extends TSchema | undefined = undefined,
  H extends TSchema | undefined = undefined,
  B extends TSchema | undefined = undefined,
>(
  options: RouteOptions<
    P,
    Q,
    H,
    B,
    R,
    A,
    RouteRequest<Input<P>, Input<Q>, Input<H>, Input<B>, CallerFor<A>>,
    ReplyOf<R>
  >,
): Route {
  const named = pathParameters(options.path).toSorted().join(", ");
  const declared = Object.keys(propertiesOf(options.params)).toSorted().join(", ");
  if (named !== declared) {
    throw new TypeError(`${options.method} ${options.path} names {${named}}, its params declare {${declared}}`);
  }
  // The request is built by the same schemas that give the handler its types.
  return options as unknown as Route;
}

export function propertiesOf(schema: TSchema | undefined): Readonly<Record<string, TSchema>> {
  return schema && "properties" in schema ? (schema.properties as Readonly<Record<string, TSchema>>) : {};
}
