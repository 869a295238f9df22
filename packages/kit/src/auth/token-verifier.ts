import { limits } from "../limits.ts";
import type { Caller } from "../http/route.ts";
import type * as jose from "jose";
import type { JSONWebKeySet, JWTPayload, JWTVerifyGetKey } from "jose";

export interface TokenVerifierOptions {
  readonly issuer: string;
  readonly audience?: string;
  /** The address of the keys, the keys, or what gets them. */
  readonly jwks: URL | JSONWebKeySet | (() => Promise<JSONWebKeySet>);
}

export interface TokenVerifier {
  /** Fails with a `TokenError`. */
  verify(token: string): Promise<Caller>;
}

export type TokenErrorCode = "invalid_token" | "keys_unavailable";

export class TokenError extends Error {
  override readonly name = "TokenError";
  readonly code: TokenErrorCode;
  /** Whether the same request may succeed later. */
  readonly retry: boolean;

  constructor(code: TokenErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
    this.retry = code === "keys_unavailable";
  }
}

/** Signatures with a public key only: a list of what is allowed, so that neither `none` nor a shared secret gets in. */
const algorithms = ["EdDSA", "ES256", "RS256", "PS256"];

export const tokenAudience = "shop";

export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  // Loaded beside the start of the service, not before it.
  const prepared = prepare(options);
  // Whoever verifies a token hears of the failure.
  prepared.catch(() => undefined);
  return {
    verify: async (token) => {
      if (token.length > limits.tokenCharactersMax) throw new TokenError("invalid_token", "the token is too long");
      const { jwtVerify, key, errors } = await prepared;
      const verified = jwtVerify(token, key, {
        algorithms,
        issuer: options.issuer,
        audience: options.audience ?? tokenAudience,
        clockTolerance: limits.clockToleranceSeconds,
        requiredClaims: ["sub", "exp", "iat"],
      });
      const { payload } = await verified.catch((error: unknown) => {
        throw tokenError(error, errors);
      });
      return callerOf(payload, token);
    },
  };
}

type Jose = typeof jose;

async function prepare(options: TokenVerifierOptions) {
  const loaded = await import("jose");
  return { jwtVerify: loaded.jwtVerify, errors: loaded.errors, key: keyGetter(loaded, options.jwks) };
}

function keyGetter(loaded: Jose, jwks: TokenVerifierOptions["jwks"]): JWTVerifyGetKey {
  if (jwks instanceof URL) {
    return loaded.createRemoteJWKSet(jwks, {
      cacheMaxAge: limits.jwksMaxAgeMs,
      cooldownDuration: limits.jwksCooldownMs,
      timeoutDuration: limits.jwksTimeoutMs,
    });
  }
  if (typeof jwks !== "function") return loaded.createLocalJWKSet(jwks);
  return async (header, token) => loaded.createLocalJWKSet(await jwks())(header, token);
}

function tokenError(error: unknown, errors: Jose["errors"]): TokenError {
  if (error instanceof errors.JWTExpired) return new TokenError("invalid_token", "the token has expired", error);
  if (error instanceof errors.JWKSNoMatchingKey) {
    return new TokenError("invalid_token", "the token is signed with a key that is not ours", error);
  }
  const fetching = error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid;
  if (fetching || !(error instanceof errors.JOSEError) || error.code === "ERR_JOSE_GENERIC") {
    return new TokenError("keys_unavailable", "the keys that tokens are signed with cannot be had now", error);
  }
  return new TokenError("invalid_token", "the token is not valid here", error);
}

function callerOf(payload: JWTPayload, token: string): Caller {
  const roles: unknown = payload["roles"];
  return {
    subject: payload.sub ?? "",
    roles: Array.isArray(roles) ? roles.filter((role) => typeof role === "string") : [],
    token,
  };
}
