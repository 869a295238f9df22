import { generateKeyPairSync, sign } from "node:crypto";
import { createTokenVerifier, tokenAudience } from "../auth/token-verifier.ts";
import type { KeyObject } from "node:crypto";
import type { TokenVerifier } from "../auth/token-verifier.ts";

export interface TestTokens {
  /** Give it to a service in place of the real one. */
  readonly verifier: TokenVerifier;
  tokenFor(subject: string, roles: readonly string[]): string;
  /** One for each way in which a token is not good, with the roles that would let it in. */
  badTokens(subject: string, roles: readonly string[]): Readonly<Record<string, string>>;
}

const issuer = "shop";
const lifeSeconds = 600;

/** Tokens as the real issuer makes them, and all kinds that nobody may accept. For tests. */
export function createTestTokens(): TestTokens {
  const own = generateKeyPairSync("ed25519");
  const stranger = generateKeyPairSync("ed25519");
  const { x = "" } = own.publicKey.export({ format: "jwk" });
  const jwks = { keys: [{ kid: "test", kty: "OKP", crv: "Ed25519", x, alg: "EdDSA" }] };
  const claims = (subject: string, roles: readonly string[]) => {
    const now = Math.floor(Date.now() / 1_000);
    return { iss: issuer, aud: tokenAudience, sub: subject, roles, iat: now, exp: now + lifeSeconds };
  };
  return {
    verifier: createTokenVerifier({ issuer, jwks }),
    tokenFor: (subject, roles) => signed(claims(subject, roles), own.privateKey),
    badTokens: (subject, roles) => {
      const good = claims(subject, roles);
      const past = good.iat - lifeSeconds;
      return {
        expired: signed({ ...good, iat: past, exp: past + 1 }, own.privateKey),
        forged: signed(good, stranger.privateKey),
        "alg none": `${encoded({ alg: "none", typ: "JWT" })}.${encoded(good)}.`,
        "alg HS256": `${encoded({ alg: "HS256", kid: "test" })}.${encoded(good)}.c2lnbmF0dXJl`,
        "another issuer": signed({ ...good, iss: "elsewhere" }, own.privateKey),
        "another audience": signed({ ...good, aud: "elsewhere" }, own.privateKey),
        "another payload": swapped(signed({ ...good, sub: "somebody-else" }, own.privateKey), good),
        nonsense: "nonsense",
      };
    },
  };
}

function signed(claims: object, key: KeyObject): string {
  const content = `${encoded({ alg: "EdDSA", typ: "JWT", kid: "test" })}.${encoded(claims)}`;
  return `${content}.${sign(null, Buffer.from(content), key).toString("base64url")}`;
}

function swapped(token: string, claims: object): string {
  const [head = "", , signature = ""] = token.split(".");
  return `${head}.${encoded(claims)}.${signature}`;
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
