import { createHash, randomBytes, randomUUIDv7 } from "node:crypto";
import { problem } from "@fairway/kit";
import { limits } from "./limits.ts";
import type { Account, Accounts } from "./accounts.ts";
import type { Database, Logger, Queryable } from "@fairway/kit";
import type { Keyring } from "./keyring.ts";

export interface Tokens {
  readonly accessToken: string;
  readonly tokenType: "Bearer";
  readonly expiresIn: number;
  readonly refreshToken: string;
}

export interface Sessions {
  /** Tokens of a new family. */
  open(account: Account): Promise<Tokens>;
  /** The next tokens of the family. A refresh token that comes twice was stolen: its whole family ends. */
  refresh(refreshToken: string): Promise<Tokens>;
  /** Ends the family of a token. */
  close(refreshToken: string): Promise<void>;
}

export interface SessionsOptions {
  readonly db: Database;
  readonly accounts: Accounts;
  readonly keyring: Keyring;
  readonly issuer: string;
  readonly audience: string;
  readonly accessTokenSeconds: number;
  readonly log: Logger;
  readonly now?: () => number;
}

interface TokenRow {
  readonly family: string;
  readonly account_id: string;
  readonly expires_at: string;
  readonly used_at: string | null;
  readonly revoked_at: string | null;
}

export function createSessions(options: SessionsOptions): Sessions {
  const { db, accounts, log } = options;
  const now = options.now ?? Date.now;
  const close = async (refreshToken: string): Promise<void> => {
    await db.query(
      `UPDATE refresh_tokens SET revoked_at = $2
       WHERE revoked_at IS NULL AND family = (SELECT family FROM refresh_tokens WHERE hash = $1)`,
      [hashOf(refreshToken), new Date(now())],
    );
  };
  return {
    open: async (account) => {
      const refreshToken = await addToken(db, account.id, randomUUIDv7(), now());
      return tokensFor(options, account, refreshToken);
    },
    refresh: async (refreshToken) => {
      const outcome = await db.transaction(async (tx) => {
        const used = await useToken(tx, refreshToken, now());
        if (used.kind !== "fresh") return used;
        return { ...used, next: await addToken(tx, used.accountId, used.family, now()) };
      });
      if (outcome.kind === "reused") {
        await close(refreshToken);
        log.warn("a refresh token came twice; its family was ended", { family: outcome.family });
      }
      if (outcome.kind !== "fresh") throw refused();
      const account = await accounts.find(outcome.accountId);
      if (!account) throw refused();
      return tokensFor(options, account, outcome.next);
    },
    close,
  };
}

type Use =
  | { readonly kind: "unknown" }
  | { readonly kind: "reused"; readonly family: string }
  | { readonly kind: "fresh"; readonly family: string; readonly accountId: string };

/** The row is locked, so that of two requests with the same token one is the second. */
async function useToken(tx: Queryable, token: string, now: number): Promise<Use> {
  const hash = hashOf(token);
  const { rows } = await tx.query<TokenRow>(
    `SELECT family, account_id, expires_at, used_at, revoked_at FROM refresh_tokens WHERE hash = $1 FOR UPDATE`,
    [hash],
  );
  const row = rows[0];
  if (!row || Date.parse(row.expires_at) <= now || row.revoked_at !== null) return { kind: "unknown" };
  if (row.used_at !== null) return { kind: "reused", family: row.family };
  await tx.query("UPDATE refresh_tokens SET used_at = $2 WHERE hash = $1", [hash, new Date(now)]);
  return { kind: "fresh", family: row.family, accountId: row.account_id };
}

async function addToken(db: Queryable, accountId: string, family: string, now: number): Promise<string> {
  const token = randomBytes(limits.refreshTokenBytes).toString("base64url");
  await db.query(`INSERT INTO refresh_tokens (hash, family, account_id, expires_at) VALUES ($1, $2, $3, $4)`, [
    hashOf(token),
    family,
    accountId,
    new Date(now + limits.refreshTokenSeconds * 1_000),
  ]);
  return token;
}

async function tokensFor(options: SessionsOptions, account: Account, refreshToken: string): Promise<Tokens> {
  const issuedAt = Math.floor((options.now ?? Date.now)() / 1_000);
  const accessToken = await options.keyring.signToken({
    iss: options.issuer,
    aud: options.audience,
    sub: account.id,
    roles: account.roles,
    iat: issuedAt,
    exp: issuedAt + options.accessTokenSeconds,
    jti: randomUUIDv7(),
  });
  return { accessToken, tokenType: "Bearer", expiresIn: options.accessTokenSeconds, refreshToken };
}

/** Only the hash is kept: whoever reads the database cannot log in with it. The token is random, so no salt is needed. */
function hashOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

function refused(): Error {
  return problem(401, { type: "/problems/refresh-refused", detail: "this refresh token is not good any more; log in" });
}
