import { createRateLimit, noBody, problem, route, t } from "@fairway/kit";
import { canonical, roles } from "./accounts.ts";
import { limits } from "./limits.ts";
import type { Account, Accounts } from "./accounts.ts";
import type { Keyring } from "./keyring.ts";
import type { Route } from "@fairway/kit";
import type { Sessions } from "./sessions.ts";

export interface AuthParts {
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly keyring: Keyring;
}

const email = t.String({ format: "email", maxLength: 254 });
const password = t.String({ minLength: limits.passwordCharactersMin, maxLength: limits.passwordCharactersMax });
const role = t.Enum([...roles]);
const account = t.Object({ id: t.String({ format: "uuid" }), email: t.String(), roles: t.Array(role) });
const refreshToken = t.String({ minLength: 20, maxLength: 200 });
const tokens = t.Object({
  accessToken: t.String(),
  tokenType: t.Literal("Bearer"),
  expiresIn: t.Integer(),
  refreshToken: t.String(),
});
const publicKeys = t.Object({ keys: t.Array(t.Record(t.String(), t.Unknown())) });
const closed = { additionalProperties: false } as const;
const tags = ["auth"] as const;

export function authRoutes(parts: AuthParts): readonly Route[] {
  return [...accountRoutes(parts), ...sessionRoutes(parts), ...keyRoutes(parts)];
}

function accountRoutes({ accounts }: AuthParts): readonly Route[] {
  return [
    route({
      method: "POST",
      path: "/auth/register",
      summary: "A new account with the role customer",
      tags,
      body: t.Object({ email, password }, closed),
      responses: { 201: account },
      problems: [409],
      access: "public",
      handler: async ({ body }) => {
        const made = await accounts.register(body.email, body.password, ["customer"]);
        return { status: 201, body: made, headers: { location: "/auth/me" } };
      },
    }),
    route({
      method: "GET",
      path: "/auth/me",
      summary: "The account of the token",
      tags,
      responses: { 200: account },
      problems: [404],
      access: "authenticated",
      handler: async ({ caller }) => ({ status: 200, body: present(await accounts.find(caller.subject)) }),
    }),
    route({
      method: "PUT",
      path: "/auth/accounts/{id}/roles",
      summary: "What somebody may do; tokens that are out keep their roles until they expire",
      tags,
      params: t.Object({ id: t.String({ format: "uuid" }) }),
      body: t.Object({ roles: t.Array(role, { maxItems: roles.length, uniqueItems: true }) }, closed),
      responses: { 200: account },
      problems: [404],
      access: { roles: ["admin"] },
      handler: async ({ params, body, log, caller }) => {
        const changed = present(await accounts.setRoles(params.id, body.roles));
        log.info("roles were changed", { account: params.id, roles: body.roles, by: caller.subject });
        return { status: 200, body: changed };
      },
    }),
  ];
}

function sessionRoutes({ accounts, sessions }: AuthParts): readonly Route[] {
  const attempts = createRateLimit({ perSecond: limits.loginPerSecond, burst: limits.loginBurst });
  return [
    route({
      method: "POST",
      path: "/auth/login",
      summary: "Tokens for an address and a password",
      tags,
      body: t.Object({ email, password: t.String({ maxLength: limits.passwordCharactersMax }) }, closed),
      responses: { 200: tokens },
      problems: [401],
      access: "public",
      handler: async ({ body }) => {
        const waitSeconds = attempts.take(canonical(body.email));
        if (waitSeconds > 0) {
          const headers = { "retry-after": String(Math.ceil(waitSeconds)) };
          throw problem(429, { detail: "too many attempts for this account; wait a little", headers });
        }
        return { status: 200, body: await sessions.open(await accounts.authenticate(body.email, body.password)) };
      },
    }),
    route({
      method: "POST",
      path: "/auth/refresh",
      summary: "The next tokens; a refresh token is good for one use",
      tags,
      body: t.Object({ refreshToken }, closed),
      responses: { 200: tokens },
      problems: [401],
      access: "public",
      handler: async ({ body }) => ({ status: 200, body: await sessions.refresh(body.refreshToken) }),
    }),
    route({
      method: "POST",
      path: "/auth/logout",
      summary: "Ends the session of a refresh token",
      tags,
      body: t.Object({ refreshToken }, closed),
      responses: { 204: noBody },
      access: "public",
      handler: async ({ body }) => {
        await sessions.close(body.refreshToken);
        return { status: 204 };
      },
    }),
  ];
}

function keyRoutes({ keyring }: AuthParts): readonly Route[] {
  return [
    route({
      method: "GET",
      path: "/auth/jwks.json",
      summary: "The keys that tokens are signed with",
      tags,
      responses: { 200: publicKeys },
      access: "public",
      handler: async () => {
        const keys = (await keyring.publicKeys()).map((key) => ({ ...key }));
        return { status: 200, body: { keys }, headers: { "cache-control": "public, max-age=60" } };
      },
    }),
    route({
      method: "POST",
      path: "/auth/keys",
      summary: "A new signing key, in use a minute later",
      tags,
      responses: { 201: t.Object({ kid: t.String() }) },
      access: { roles: ["admin"] },
      handler: async ({ log, caller }) => {
        const kid = await keyring.rotate();
        log.info("a signing key was made", { kid, by: caller.subject });
        return { status: 201, body: { kid } };
      },
    }),
  ];
}

function present(found: Account | undefined): Account {
  if (!found) throw problem(404, "there is no such account");
  return found;
}
