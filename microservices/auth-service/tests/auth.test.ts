import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { checkAccess, createTestTokens, fuzzService } from "@fairway/kit";
import { pactIsMissing, pactsWith, verifyProvider } from "@fairway/pact";
import { adminEmail, password, startAuth } from "./auth-fixture.ts";
import type { AuthAnswer, AuthFixture } from "./auth-fixture.ts";

let auth: AuthFixture;

before(async () => {
  auth = await startAuth();
});

after(() => auth.close());

let people = 0;

async function newcomer(): Promise<string> {
  const email = `person${++people}@example.com`;
  assert.equal((await auth.call("POST", "/auth/register", { body: { email, password } })).status, 201);
  return email;
}

async function login(email: string, secret = password): Promise<AuthAnswer> {
  return auth.call("POST", "/auth/login", { body: { email, password: secret } });
}

async function tokenOf(email: string): Promise<string> {
  return (await login(email)).body["accessToken"] ?? "";
}

function claims(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
}

describe("accounts", () => {
  test("who registers can log in, whatever the case of the address, and is a customer", async () => {
    const email = await newcomer();
    const answer = await login(email.toUpperCase());
    assert.equal(answer.status, 200);
    assert.equal(answer.body["tokenType"], "Bearer");
    const me = await auth.call("GET", "/auth/me", { token: answer.body["accessToken"] ?? "" });
    assert.equal(me.body["email"], email);
    assert.deepEqual(me.body["roles"], ["customer"]);
    assert.equal(claims(answer.body["accessToken"] ?? "")["sub"], me.body["id"]);
  });

  test("an address has one account, also when it is registered twice at once", async () => {
    const body = { email: "twice@example.com", password };
    const answers = await Promise.all([1, 2, 3].map(() => auth.call("POST", "/auth/register", { body })));
    assert.deepEqual(answers.map((each) => each.status).toSorted(), [201, 409, 409]);
  });

  test("a wrong password and an unknown address look the same", async () => {
    const email = await newcomer();
    const wrong = await login(email, "not the password");
    const unknown = await login("nobody@example.com");
    assert.equal(wrong.status, 401);
    const told = ({ body }: AuthAnswer) => ({ ...body, traceId: "" });
    assert.deepEqual(told(wrong), told(unknown));
  });

  test("guessing is slowed down for the account that is guessed at, and for no other", async () => {
    const [email, other] = [await newcomer(), await newcomer()];
    const answers = await Promise.all(Array.from({ length: 10 }, () => login(email, "guess after guess")));
    assert.deepEqual(new Set(answers.map((each) => each.status)), new Set([401, 429]));
    assert.ok(Number(answers.find((each) => each.status === 429)?.headers.get("retry-after")) >= 1);
    assert.equal((await login(other)).status, 200);
  });

  test("short passwords, odd addresses and unknown fields are refused", async () => {
    for (const body of [
      { email: "a@example.com", password: "short" },
      { email: "nonsense", password },
      { email: "a@example.com", password, roles: ["admin"] },
    ]) {
      assert.equal((await auth.call("POST", "/auth/register", { body })).status, 400);
    }
  });

  test("an admin gives roles, others do not", async () => {
    const email = await newcomer();
    const token = await tokenOf(email);
    const id = claims(token)["sub"];
    const put = (by: string) =>
      auth.call("PUT", `/auth/accounts/${String(id)}/roles`, { body: { roles: ["admin"] }, token: by });
    assert.equal((await put(token)).status, 403);
    assert.equal((await put(await tokenOf(adminEmail))).status, 200);
    assert.deepEqual(claims(await tokenOf(email))["roles"], ["admin"]);
  });
});

describe("refresh tokens", () => {
  const refresh = (refreshToken: string | undefined) => auth.call("POST", "/auth/refresh", { body: { refreshToken } });

  test("each is good for one use and brings the next", async () => {
    const first = await login(await newcomer());
    const second = await refresh(first.body["refreshToken"]);
    assert.equal(second.status, 200);
    assert.notEqual(second.body["refreshToken"], first.body["refreshToken"]);
    assert.equal((await refresh(second.body["refreshToken"])).status, 200);
  });

  test("one that comes twice ends the whole family, and no other session", async () => {
    const email = await newcomer();
    const [stolen, other] = [await login(email), await login(email)];
    const next = await refresh(stolen.body["refreshToken"]);
    assert.equal((await refresh(stolen.body["refreshToken"])).status, 401);
    assert.equal((await refresh(next.body["refreshToken"])).status, 401);
    assert.equal((await refresh(other.body["refreshToken"])).status, 200);
  });

  test("of two uses at once one wins, and then the family has ended", async () => {
    const { body } = await login(await newcomer());
    const answers = await Promise.all([refresh(body["refreshToken"]), refresh(body["refreshToken"])]);
    assert.deepEqual(answers.map((each) => each.status).toSorted(), [200, 401]);
    const won = answers.find((each) => each.status === 200);
    assert.equal((await refresh(won?.body["refreshToken"])).status, 401);
  });

  test("logging out ends the session", async () => {
    const { body } = await login(await newcomer());
    const loggedOut = await auth.call("POST", "/auth/logout", { body: { refreshToken: body["refreshToken"] } });
    assert.equal(loggedOut.status, 204);
    assert.equal((await refresh(body["refreshToken"])).status, 401);
  });

  test("made-up ones are refused", async () => {
    assert.equal((await refresh("x".repeat(43))).status, 401);
  });
});

describe("keys", () => {
  const published = async () => (await auth.call("GET", "/auth/jwks.json")).body.keys ?? [];

  test("are published without their private half", async () => {
    const keys = await published();
    assert.ok(keys.length >= 1);
    assert.deepEqual(Object.keys(keys[0] ?? {}).toSorted(), ["alg", "crv", "kid", "kty", "use", "x"]);
  });

  test("a new key is published before it signs, and tokens of the old one stay good", async () => {
    const admin = await tokenOf(adminEmail);
    const { status, body } = await auth.call("POST", "/auth/keys", { token: admin });
    assert.equal(status, 201);
    assert.ok((await published()).some((key) => key["kid"] === body["kid"]));
    const token = await tokenOf(await newcomer());
    const head = JSON.parse(Buffer.from(token.split(".")[0] ?? "", "base64url").toString());
    assert.notEqual(head.kid, body["kid"]);
    assert.equal((await auth.call("GET", "/auth/me", { token: admin })).status, 200);
  });

  test("only an admin makes one", async () => {
    assert.equal((await auth.call("POST", "/auth/keys", { token: await tokenOf(await newcomer()) })).status, 403);
    assert.equal((await auth.call("POST", "/auth/keys")).status, 401);
  });

  test("are shared by replicas that know the secret, and closed to others", async () => {
    const token = await tokenOf(await newcomer());
    const ask = (service: AuthFixture["service"]) =>
      service.handle(new Request("http://auth/auth/me", { headers: { authorization: `Bearer ${token}` } }));
    assert.equal((await ask(auth.replica())).status, 200);
    assert.equal((await ask(auth.replica("another secret, longer"))).status, 503);
  });
});

const tokens = createTestTokens();

test("every route refuses whoever may not call it", async () => {
  assert.deepEqual((await checkAccess(auth.replica(undefined, tokens.verifier), tokens)).failures, []);
});

test("no request, however odd, brings a 5xx or shows the inside", async () => {
  const { body } = await auth.call("GET", "/auth/me", { token: await tokenOf(await newcomer()) });
  const report = await fuzzService(auth.replica(undefined, tokens.verifier), {
    seed: 13,
    rounds: 40,
    tokenFor: (roles) => tokens.tokenFor(body["id"] ?? "", roles),
  });
  assert.deepEqual(report.failures, []);
  assert.ok(report.reached.includes("POST /auth/register") && report.reached.includes("GET /auth/me"));
});

test("what others rely on is kept", { skip: pactIsMissing() }, async () => {
  await verifyProvider({
    name: "auth-service",
    pacts: pactsWith("auth-service", join(import.meta.dirname, "../..")),
    handle: (request) => auth.service.handle(request),
    states: {
      "Bob has no account": async () => undefined,
      "Ann has an account": async () => {
        const body = { email: "ann@shop.example", password: "a long enough password" };
        await auth.call("POST", "/auth/register", { body });
      },
    },
  });
});
