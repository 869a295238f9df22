import { headerText } from "./exchange.ts";
import { problem } from "./problem.ts";
import { TokenError } from "../auth/token-verifier.ts";
import type { Access, Caller } from "./route.ts";
import type { Incoming } from "./exchange.ts";
import type { TokenVerifier } from "../auth/token-verifier.ts";

/** Who calls, when the route lets them; otherwise the problem 401 (who are you?) or 403 (not you). */
export async function authorize(
  access: Access,
  headers: Incoming["headers"],
  tokens: TokenVerifier | undefined,
): Promise<Caller | undefined> {
  if (access === "public") return undefined;
  const header = headerText(headers, "authorization");
  if (header === undefined && access === "optional") return undefined;
  if (!tokens) throw new TypeError("tokens cannot be verified: set AUTH_URL");
  const caller = await tokens.verify(bearerOf(header)).catch((error: unknown) => {
    if (error instanceof TokenError && error.code === "invalid_token") throw unauthorized(error.message, error);
    throw error;
  });
  if (typeof access === "object" && !access.roles.some((role) => caller.roles.includes(role))) {
    const detail = `this needs one of the roles ${access.roles.join(", ")}`;
    throw problem(403, { type: "/problems/missing-role", title: "Forbidden", detail });
  }
  return caller;
}

function bearerOf(header: string | undefined): string {
  const token = /^Bearer +([^\s]+)$/i.exec(header ?? "")?.[1];
  if (token !== undefined) return token;
  throw unauthorized("send a token as Authorization: Bearer ...");
}

function unauthorized(detail: string, cause?: unknown): Error {
  const headers = { "www-authenticate": cause ? 'Bearer error="invalid_token"' : "Bearer" };
  return problem(401, { type: "/problems/unauthenticated", title: "Unauthorized", detail, cause, headers });
}
