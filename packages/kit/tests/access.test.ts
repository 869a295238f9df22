import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { bodyOf, demo } from "./demo-service.ts";
import { createCors, createRateLimit, createTokenVerifier, route, t } from "@fairway/kit";
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from "jose";
import type { Access, TokenVerifier } from "@fairway/kit";
import type { CryptoKey, JWTPayload } from "jose";

const who = t.Object({ subject: t.String(), roles: t.Array(t.String()) });

function guarded(access: Access, path: string) {
  return route({
    method: "GET",
    path,
    summary: "",
    responses: { 200: who },
    access,
    handler: ({ caller }) => ({
      status: 200,
      body: { subject: caller?.subject ?? "nobody", roles: [...(caller?.roles ?? [])] },
    }),
  });
}

const routes = [
  guarded("public", "/public"),
  guarded("optional", "/optional"),
  guarded("authenticated", "/authenticated"),
  guarded({ roles: ["admin"] }, "/admin"),
];

describe("tokens", () => {
  let key: CryptoKey;
  let tokens: TokenVerifier;

  before(async () => {
    const pair = await generateKeyPair("EdDSA", { extractable: true });
    key = pair.privateKey;
    const jwk = { ...(await exportJWK(pair.publicKey)), kid: "k1", alg: "EdDSA" };
    tokens = createTokenVerifier({ issuer: "shop", jwks: { keys: [jwk] } });
  });

  const claims = { sub: "ada", roles: ["customer"], iss: "shop", aud: "shop" };
  const sign = (payload: JWTPayload, signer: CryptoKey | Uint8Array = key, alg = "EdDSA"): Promise<string> =>
    new SignJWT({ iat: Math.floor(Date.now() / 1_000), exp: Math.floor(Date.now() / 1_000) + 60, ...payload })
      .setProtectedHeader({ alg, kid: "k1" })
      .sign(signer);
  const call = async (path: string, token?: string): Promise<Response> =>
    demo({ routes, tokens }).call(
      "GET",
      path,
      token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } },
    );

  test("a good token says who calls", async () => {
    const token = await sign(claims);
    assert.deepEqual(await bodyOf(await call("/authenticated", token)), { subject: "ada", roles: ["customer"] });
    assert.deepEqual(await bodyOf(await call("/optional", token)), { subject: "ada", roles: ["customer"] });
    assert.equal((await bodyOf(await call("/public", token)))["subject"], "nobody");
    assert.equal((await bodyOf(await call("/optional")))["subject"], "nobody");
  });

  test("without a token the answer is 401, with the wrong role 403", async () => {
    const missing = await call("/authenticated");
    assert.equal(missing.status, 401);
    assert.equal(missing.headers.get("www-authenticate"), "Bearer");
    assert.equal((await call("/admin", await sign(claims))).status, 403);
    assert.equal((await call("/admin", await sign({ ...claims, roles: ["admin"] }))).status, 200);
  });

  test("a token that is not right in every respect is none", async () => {
    const stranger = await generateKeyPair("EdDSA");
    const now = Math.floor(Date.now() / 1_000);
    const good = await sign(claims);
    const [head = "", payload = "", signature = ""] = good.split(".");
    const other = Buffer.from(JSON.stringify({ ...claims, roles: ["admin"], exp: now + 60, iat: now })).toString(
      "base64url",
    );
    const bad: Readonly<Record<string, string>> = {
      expired: await sign({ ...claims, exp: now - 60 }),
      "not valid yet": await sign({ ...claims, nbf: now + 600 }),
      "of another issuer": await sign({ ...claims, iss: "elsewhere" }),
      "for another audience": await sign({ ...claims, aud: "elsewhere" }),
      "without a subject": await sign({ roles: [], iss: "shop", aud: "shop" }),
      "signed by a stranger": await sign(claims, stranger.privateKey),
      "signed with a shared secret": await sign(claims, new TextEncoder().encode("k".repeat(32)), "HS256"),
      "without a signature": new UnsecuredJWT({ ...claims, exp: now + 60, iat: now }).encode(),
      "with another payload": `${head}.${other}.${signature}`,
      "cut off": `${head}.${payload}.`,
      nonsense: "nonsense",
      "too long": "x".repeat(9_000),
    };
    for (const [what, token] of Object.entries(bad)) {
      for (const path of ["/authenticated", "/optional", "/admin"]) {
        assert.equal((await call(path, token)).status, 401, `${what} at ${path}`);
      }
    }
  });

  test("when the keys cannot be had, it is not the caller's fault", async () => {
    const away = createTokenVerifier({ issuer: "shop", jwks: () => Promise.reject(new Error("no route")) });
    const response = await demo({ routes, tokens: away }).call("GET", "/authenticated", {
      headers: { authorization: `Bearer ${await sign(claims)}` },
    });
    assert.equal(response.status, 503);
  });

  test("a route that asks for tokens does not start without what verifies them", () => {
    assert.throws(() => demo({ routes }), /set AUTH_URL/);
  });
});

test("pages of listed origins may call, others get no permission", async () => {
  const { call } = demo({ cors: createCors({ origins: ["https://shop.example"] }) });
  const preflight = (origin: string) =>
    call("OPTIONS", "/items", { headers: { origin, "access-control-request-method": "POST" } });
  const allowed = await preflight("https://shop.example");
  assert.equal(allowed.status, 204);
  assert.equal(allowed.headers.get("access-control-allow-origin"), "https://shop.example");
  assert.equal((await preflight("https://evil.example")).headers.get("access-control-allow-origin"), null);
  const reply = await call("GET", "/items/1", { headers: { origin: "https://shop.example" } });
  assert.equal(reply.headers.get("access-control-allow-origin"), "https://shop.example");
  assert.equal(reply.headers.get("vary"), "origin");
});

test("whoever calls too often is told when to come back; probes are never limited", async () => {
  const { call } = demo({ rateLimit: createRateLimit({ perSecond: 0.1, burst: 2, now: () => 0 }) });
  assert.equal((await call("GET", "/items/1")).status, 200);
  assert.equal((await call("GET", "/items/1")).status, 200);
  const limited = await call("GET", "/items/1");
  assert.equal(limited.status, 429);
  assert.equal(limited.headers.get("retry-after"), "10");
  assert.equal((await call("GET", "/livez")).status, 200);
});
