import { createHash, createPublicKey, sign, verify, type KeyObject } from "node:crypto";

/** A key with the id that tokens name it by: a digest of its public part, as Kubernetes makes it. */
export interface SigningKey {
  readonly id: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

export function signingKey(privateKey: KeyObject): SigningKey {
  const publicKey = createPublicKey(privateKey);
  const der = publicKey.export({ format: "der", type: "spki" });
  return { id: createHash("sha256").update(der).digest("base64url"), privateKey, publicKey };
}

export function signJwt(key: SigningKey, claims: Readonly<Record<string, unknown>>): string {
  const signed = `${part({ alg: "RS256", kid: key.id })}.${part(claims)}`;
  return `${signed}.${sign("sha256", Buffer.from(signed), key.privateKey).toString("base64url")}`;
}

/** The claims, when one of our keys signed them; whatever else the text is, undefined. The algorithm is ours to choose, not the token's. */
export function readJwt(key: SigningKey, token: string): Readonly<Record<string, unknown>> | undefined {
  const [head, body, signature, ...rest] = token.split(".");
  if (head === undefined || body === undefined || signature === undefined || rest.length > 0) return undefined;
  const header = parsed(head);
  if (header?.["alg"] !== "RS256" || (header["kid"] !== undefined && header["kid"] !== key.id)) return undefined;
  const isSigned = verify("sha256", Buffer.from(`${head}.${body}`), key.publicKey, Buffer.from(signature, "base64url"));
  return isSigned ? parsed(body) : undefined;
}

/** The issuer of a token that somebody else may have signed. */
export function issuerOf(token: string): unknown {
  return parsed(token.split(".")[1] ?? "")?.["iss"];
}

/** What `/openid/v1/jwks` publishes. */
export function publicJwk(key: SigningKey): Readonly<Record<string, unknown>> {
  const { n, e } = key.publicKey.export({ format: "jwk" });
  return { use: "sig", kty: "RSA", kid: key.id, alg: "RS256", n, e };
}

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}
