import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, describe, test } from "node:test";
import { credentialsFor } from "./credentials.ts";
import { parseAddress } from "./registry-address.ts";
import { RegistrySession } from "./registry-session.ts";

const folder = mkdtempSync(join(tmpdir(), "fairway-session-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const { signal } = new AbortController();

async function withServer(listener: RequestListener, task: (host: string) => Promise<void>): Promise<void> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  try {
    await task(`127.0.0.1:${address !== null && typeof address === "object" ? address.port : 0}`);
  } finally {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  }
}

function login(entry: object, host: string): Readonly<Record<string, string>> {
  writeFileSync(join(folder, "config.json"), JSON.stringify({ auths: { [host]: entry } }));
  return { DOCKER_CONFIG: folder };
}

/** A registry whose tokens are handed out next door to who says who he is, and that sends blobs elsewhere. */
function tokenRegistry(asked: string[]): RequestListener {
  return (request, response) => {
    void answer(request, asked).then(({ status, headers, body }) => response.writeHead(status, headers).end(body));
  };
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

async function answer(request: IncomingMessage, asked: string[]): Promise<Answer> {
  const host = request.headers.host ?? "";
  const url = new URL(request.url ?? "/", `http://${host}`);
  const { authorization = "nobody" } = request.headers;
  if (url.pathname === "/token") {
    const body = request.method === "POST" ? `POST ${await text(request)}` : `GET ${url.search}`;
    asked.push(`${authorization} ${decodeURIComponent(body)}`);
    return { status: 200, headers: {}, body: `{"access_token":"let-me-in"}` };
  }
  if (url.pathname === "/elsewhere") return { status: 200, headers: {}, body: authorization };
  if (authorization !== "Bearer let-me-in") {
    const challenge = `Bearer realm="http://${host}/token",service="shop"`;
    return { status: 401, headers: { "www-authenticate": challenge }, body: "" };
  }
  // Another host by name, the same by address.
  return { status: 307, headers: { location: `http://localhost:${url.port}/elsewhere` }, body: "" };
}

describe("a registry that wants tokens", () => {
  const scopes = ["repository:shop/orders:pull,push", "repository:shop/users:pull"];

  test("gets one for the scopes of the work, asked for with the password; places that it leads to are not told it", async () => {
    const asked: string[] = [];
    await withServer(tokenRegistry(asked), async (host) => {
      const env = login({ username: "ada", password: "secret" }, host);
      const session = new RegistrySession({ host, scopes, env, signal });
      const found = await session.expect(session.urlOf("shop/orders/blobs/x"), { method: "GET" }, [200]);
      assert.equal(await text(found.stream), "nobody");
      const basic = `Basic ${Buffer.from("ada:secret").toString("base64")}`;
      assert.deepEqual(asked, [`${basic} GET ?service=shop&scope=${scopes[0] ?? ""}&scope=${scopes[1] ?? ""}`]);
    });
  });

  test("gets a token for the token that docker login was given", async () => {
    const asked: string[] = [];
    await withServer(tokenRegistry(asked), async (host) => {
      const session = new RegistrySession({ host, scopes, env: login({ identitytoken: "long-lived" }, host), signal });
      (await session.expect(session.urlOf("shop/orders/blobs/x"), { method: "GET" }, [200])).stream.resume();
      assert.match(asked[0] ?? "", /^nobody POST grant_type=refresh_token&.*refresh_token=long-lived$/u);
    });
  });
});

test("credentials are found as each of the tools writes them down", async () => {
  const auth = Buffer.from("ada:with:colons").toString("base64");
  const password = { kind: "password", username: "ada", password: "with:colons" };
  assert.deepEqual(await credentialsFor("ghcr.io", login({ auth }, "https://ghcr.io")), password);
  assert.deepEqual(await credentialsFor("docker.io", login({ auth }, "https://index.docker.io/v1/")), password);
  assert.equal(await credentialsFor("quay.io", login({ auth }, "ghcr.io")), undefined);
  writeFileSync(join(folder, "config.json"), "{");
  await assert.rejects(credentialsFor("ghcr.io", { DOCKER_CONFIG: folder }), {
    code: "unauthorized",
    message: /can't be read/u,
  });
});

test("addresses are taken apart as people write them, and refused with a reason", () => {
  const digest = `sha256:${"a".repeat(64)}`;
  assert.deepEqual(parseAddress(`localhost:5000/shop/orders:1.0@${digest}`), {
    host: "localhost:5000",
    repository: "shop/orders",
    tag: "1.0",
    digest,
  });
  assert.deepEqual(parseAddress("busybox"), {
    host: "docker.io",
    repository: "library/busybox",
    tag: undefined,
    digest: undefined,
  });
  for (const wrong of ["ghcr.io/Acme/shop", "ghcr.io/", "ghcr.io/a/b:", "ghcr.io/a@sha256:1", "gh cr.io/a"]) {
    assert.throws(() => parseAddress(wrong), { code: "bad_option" }, wrong);
  }
});
