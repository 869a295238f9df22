import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { sha256 } from "./chart-cache.ts";
import { ChartsError } from "./charts-error.ts";
import { credentialsFromDockerConfig } from "./credentials.ts";
import { listingFreshMs, tagPagesMax } from "./limits.ts";
import { archiveOf, failure, indexYaml, newStores, offline } from "./tests/chart-world.ts";
import { type Answer, type Seen, serve } from "./tests/loopback-server.ts";
import { helmProgram, missingPrograms, newHelm, startRegistry } from "./tests/real-programs.ts";

const layerType = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";

/** A registry of `charts/shop` with these tags, as the distribution specification has it. */
function registryAnswer({ path }: Seen, tags: readonly string[]): Answer {
  const [, kind, reference = ""] = /^\/v2\/charts\/shop\/(\w+)\/([^?]*)/.exec(path) ?? [];
  const found = tags.find((tag) => tag === reference || `sha256:${sha256(archiveOf(tag))}` === reference);
  if (kind === "tags") return { body: JSON.stringify({ name: "charts/shop", tags }) };
  if (found === undefined) return { status: 404, body: "{}" };
  if (kind === "blobs") return { body: archiveOf(found) };
  const layers = [{ mediaType: layerType, digest: `sha256:${sha256(archiveOf(found))}` }];
  return { body: JSON.stringify({ schemaVersion: 2, layers: [{ mediaType: "other", digest: "x" }, ...layers] }) };
}

describe("a registry", () => {
  test("gives a version by its tag, an index of tags is asked for constraints alone", async (t) => {
    const server = await serve(t, (seen) => registryAnswer(seen, ["1.0.0", "1.1.0_b.2", "latest", "v9.0.0", "1.9"]));
    const { open } = newStores(t);
    const request = { repository: `oci://${server.host}/charts/`, name: "shop", version: "1.0.0" };
    assert.deepEqual(Buffer.from((await open().fetch(request)).archive), archiveOf("1.0.0"));
    assert.deepEqual(
      server.seen.map((each) => each.path.replace(/\w{64}/, "HASH")),
      ["/v2/charts/shop/manifests/1.0.0", "/v2/charts/shop/blobs/sha256:HASH"],
    );
    const newest = await open().fetch({ ...request, version: "" });
    assert.equal(newest.version, "1.1.0+b.2", "an underscore stands for a plus, and only strict versions count");
    assert.deepEqual(Buffer.from(newest.archive), archiveOf("1.1.0_b.2"));
    const before = server.seen.length;
    assert.deepEqual(await open().fetch({ ...request, version: "~1.1.0" }), newest);
    assert.equal(server.seen.length, before);
    await assert.rejects(open().fetch({ ...request, version: "1.9.9" }), failure("not-found", /manifests\/1\.9\.9/));
    await assert.rejects(open().fetch({ ...request, version: "^7" }), failure("no-version", /there are 1\.0\.0, 1/));
  });

  test("is asked again for its tags later; out of reach, the last ones are used", async (t) => {
    const tags = ["1.0.0"];
    const server = await serve(t, (seen) => registryAnswer(seen, tags));
    const clock = { ms: 1_000 };
    const told: string[] = [];
    const { open } = newStores(t, { now: () => clock.ms, onStale: (message) => told.push(message) });
    // Argo CD writes no scheme.
    const request = { repository: `${server.host}/charts`, name: "shop", version: "^1.0" };
    const store = open();
    assert.equal((await store.fetch(request)).version, "1.0.0");
    tags.push("1.1.0");
    assert.equal((await store.fetch(request)).version, "1.0.0");
    clock.ms += listingFreshMs;
    assert.equal((await store.fetch(request)).version, "1.1.0");
    clock.ms += listingFreshMs;
    assert.equal((await open({ fetch: offline }).fetch(request)).version, "1.1.0");
    assert.equal(told.length, 1);
    assert.equal((await open({ fetch: offline }).fetch({ ...request, version: "1.0.0" })).version, "1.0.0");
  });

  test("may give its tags in pages, of which all count", async (t) => {
    const server = await serve(t, (seen) => {
      const last = /last=(\d)/.exec(seen.path)?.[1] ?? "0";
      if (!seen.path.includes("/tags/")) return registryAnswer(seen, ["1.3.0"]);
      const next = Number(last) + 1;
      const link = `</v2/charts/shop/tags/list?n=1&last=${next}>; rel="next"`;
      return { headers: next < 4 ? { link } : {}, body: JSON.stringify({ tags: [`1.${last}.0`] }) };
    });
    const request = { repository: `oci://${server.host}/charts`, name: "shop", version: "" };
    assert.equal((await newStores(t).open().fetch(request)).version, "1.3.0");
    assert.equal(server.seen.filter((each) => each.path.includes("/tags/")).length, 4);
  });

  test("with pages without end, or on another server, is refused", async (t) => {
    const elsewhere = await serve(t, () => ({ body: JSON.stringify({ tags: ["9.0.0"] }) }));
    const endless = await serve(t, () => ({ headers: { link: '<list>; rel="next"' }, body: '{"tags":[]}' }));
    const leading = await serve(t, () => ({
      headers: { link: `<${elsewhere.origin}/v2/charts/shop/tags/list>; rel=next` },
      body: '{"tags":[]}',
    }));
    const request = (host: string) => ({ repository: `oci://${host}/charts`, name: "shop", version: "" });
    await assert.rejects(newStores(t).open().fetch(request(endless.host)), failure("too-large", /name the version/));
    assert.equal(endless.seen.length, tagPagesMax);
    await assert.rejects(newStores(t).open().fetch(request(leading.host)), failure("invalid-answer", /another server/));
    assert.equal(elsewhere.seen.length, 0);
  });

  const wrongs = [
    { name: "has an image, no chart", body: '{"layers":[{"mediaType":"application/octet-stream"}]}', words: /no Helm/ },
    { name: "has an index of images", body: '{"manifests":[]}', words: /no Helm chart/ },
    { name: "has layers that are none", body: '{"layers":[null, 1, {}]}', words: /no Helm chart/ },
    { name: "sends a page", body: "<html>", words: /no JSON object/ },
    {
      name: "has a layer whose hash is a path",
      body: JSON.stringify({ layers: [{ mediaType: layerType, digest: "sha256:../../x" }] }),
      words: /no Helm chart/,
    },
  ];
  for (const { name, body, words } of wrongs) {
    test(`that ${name} is told apart from one that is not there`, async (t) => {
      const server = await serve(t, () => ({ body }));
      const request = { repository: `oci://${server.host}/charts`, name: "shop", version: "1.0.0" };
      await assert.rejects(newStores(t).open().fetch(request), failure("invalid-answer", /chart shop 1\.0\.0/, words));
    });
  }

  test("that sends other content than its manifest names is not believed", async (t) => {
    const server = await serve(t, (seen) =>
      seen.path.includes("/blobs/") ? { body: "something else" } : registryAnswer(seen, ["1.0.0"]),
    );
    const request = { repository: `oci://${server.host}/charts`, name: "shop", version: "1.0.0" };
    await assert.rejects(newStores(t).open().fetch(request), failure("digest-mismatch", /other content/));
  });

  test("may be where the index of an HTTP repository says that an archive lies", async (t) => {
    const registry = await serve(t, (seen) => registryAnswer(seen, ["1.0.0_b.1"]));
    const digest = sha256(archiveOf("1.0.0_b.1"));
    const url = `oci://${registry.host}/charts/shop:1.0.0+b.1`;
    const server = await serve(t, () => ({ body: indexYaml([{ version: "1.0.0+b.1", url, digest }]) }));
    const chart = await newStores(t).open().fetch({ repository: server.origin, name: "shop", version: "" });
    assert.equal(chart.digest, digest);
  });
});

describe("a registry that wants to know who asks", () => {
  function tokenRegistry(accepted: () => string, origin: () => string) {
    return (seen: Seen): Answer => {
      if (seen.headers.authorization === `Bearer ${accepted()}`) return registryAnswer(seen, ["1.0.0", "1.1.0"]);
      const challenge = `Bearer realm="${origin()}/token",service="registry, of ours",scope="repository:charts/shop:pull"`;
      return { status: 401, headers: { "www-authenticate": challenge } };
    };
  }

  test("gets a token, with the password only for who gives tokens, and another when that is used up", async (t) => {
    const issued = { count: 0 };
    const tokens = await serve(t, () => ({ body: JSON.stringify({ token: `secret-${++issued.count}` }) }));
    const server = await serve(
      t,
      tokenRegistry(
        () => `secret-${issued.count}`,
        () => tokens.origin,
      ),
    );
    const auth = Buffer.from("ann:geheim").toString("base64");
    const credentials = credentialsFromDockerConfig(JSON.stringify({ auths: { [server.host]: { auth } } }));
    const store = newStores(t, { credentials }).open();
    const request = { repository: `oci://${server.host}/charts`, name: "shop", version: "1.0.0" };
    await Promise.all([store.fetch(request), store.fetch({ ...request, version: "1.1.0" })]);
    assert.equal(tokens.seen.length, 1, "two that are refused at one time ask for one token");
    assert.equal(tokens.seen[0]?.headers.authorization, `Basic ${auth}`);
    const query = new URL(tokens.seen[0].path, tokens.origin).searchParams;
    assert.deepEqual([query.get("service"), query.get("scope")], ["registry, of ours", "repository:charts/shop:pull"]);
    assert.ok(server.seen.every((each) => !each.headers.authorization?.startsWith("Basic")));
    issued.count = 7;
    await assert.rejects(store.fetch({ ...request, version: "2.0.0" }), failure("not-found"));
    assert.equal(tokens.seen.length, 2);
  });

  test("is given up when the token does not help, or none is given; nothing secret is said", async (t) => {
    for (const answer of [{ body: '{"access_token":"secret"}' }, { status: 401 }, { body: "{}" }]) {
      const tokens = await serve(t, () => answer);
      const server = await serve(
        t,
        tokenRegistry(
          () => "another",
          () => tokens.origin,
        ),
      );
      const credentials = () => ({ username: "ann", password: "geheim" });
      const request = { repository: `oci://${server.host}/charts`, name: "shop", version: "1.0.0" };
      await assert.rejects(newStores(t, { credentials }).open().fetch(request), (error: Error) => {
        assert.doesNotMatch(error.message, /secret|geheim/);
        return failure("unauthorized", /log in to the registry/)(error);
      });
      assert.equal(tokens.seen.length, 1);
    }
  });

  test("does not get the password sent without encryption to another machine", async (t) => {
    const server = await serve(
      t,
      tokenRegistry(
        () => "x",
        () => "http://tokens.example.com",
      ),
    );
    const credentials = () => ({ username: "ann", password: "geheim" });
    const request = { repository: `oci://${server.host}/charts`, name: "shop", version: "1.0.0" };
    await assert.rejects(newStores(t, { credentials }).open().fetch(request), failure("unauthorized", /encryption/));
  });

  test("may ask for the password itself, once", async (t) => {
    const server = await serve(t, (seen) =>
      seen.headers.authorization === `Basic ${Buffer.from("ann:geheim").toString("base64")}`
        ? registryAnswer(seen, ["1.0.0"])
        : { status: 401, headers: { "www-authenticate": 'Basic realm="x"' } },
    );
    const request = { repository: `oci://${server.host}/charts`, name: "shop", version: "1.0.0" };
    const credentials = () => ({ username: "ann", password: "geheim" });
    assert.equal((await newStores(t, { credentials }).open().fetch(request)).version, "1.0.0");
    assert.equal(server.seen.length, 3);
    const wrong = () => ({ username: "ann", password: "falsch" });
    await assert.rejects(newStores(t, { credentials: wrong }).open().fetch(request), failure("unauthorized"));
    await assert.rejects(newStores(t).open().fetch(request), failure("unauthorized"));
  });

  test("sends its blobs elsewhere, where the token does not go", async (t) => {
    const storage = await serve(t, () => ({ body: archiveOf("1.0.0") }));
    const server = await serve(t, (seen) => {
      if (seen.headers.authorization === undefined)
        return { status: 401, headers: { "www-authenticate": 'Basic realm="x"' } };
      if (!seen.path.includes("/blobs/")) return registryAnswer(seen, ["1.0.0"]);
      return { status: 307, headers: { location: `${storage.origin}/x?signature=1` } };
    });
    const credentials = () => ({ username: "ann", password: "geheim" });
    const request = { repository: `oci://${server.host}/charts`, name: "shop", version: "1.0.0" };
    await newStores(t, { credentials }).open().fetch(request);
    assert.equal(storage.seen[0]?.headers.authorization, undefined);
  });
});

test(
  "a real registry gives what real Helm pushed, and Helm chooses the same versions",
  {
    skip: missingPrograms([helmProgram, "version"], ["docker-registry", "--version"]),
  },
  async (t) => {
    const host = await startRegistry(t);
    const helm = newHelm(t);
    for (const version of ["0.9.0", "1.0.0", "1.2.0+build.7", "1.10.0", "2.0.0-rc.1"]) {
      await helm.run("push", await helm.pack("shop", version), `oci://${host}/team/charts`, "--plain-http");
    }
    const { open } = newStores(t);
    const expectations = [
      ["", "1.10.0"],
      ["1.0.0", "1.0.0"],
      ["^1.0", "1.10.0"],
      ["~1.2", "1.2.0+build.7"],
      ["1.2.0+build.7", "1.2.0+build.7"],
      [">=2.0.0-0", "2.0.0-rc.1"],
      ["<1.0.0", "0.9.0"],
      ["1.0", undefined],
      ["^7.0", undefined],
      ["junk", undefined],
    ] as const;
    for (const [version, expected] of expectations) {
      const args = ["pull", `oci://${host}/team/charts/shop`, "--plain-http", "--destination", helm.home];
      const pulled = await helm.run(...args, ...(version === "" ? [] : ["--version", version])).catch(() => "");
      const theirs = /Pulled: .*:(\S+)/.exec(pulled)?.[1]?.replaceAll("_", "+");
      assert.equal(theirs, expected, `Helm's choice for "${version}"`);
      const ours = open().fetch({ repository: `oci://${host}/team/charts`, name: "shop", version });
      if (expected === undefined) await assert.rejects(ours, ChartsError);
      else assert.deepEqual(Buffer.from((await ours).archive), readFileSync(join(helm.home, `shop-${expected}.tgz`)));
    }
  },
);
