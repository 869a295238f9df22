import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { archiveBytesMax } from "./limits.ts";
import { archiveOf, failure, indexYaml, newStores, repositoryAnswer } from "./tests/chart-world.ts";
import { serve } from "./tests/loopback-server.ts";

const rows = ["1.0.0", "1.2.0", "2.0.0-rc.1"].map((version) => ({ version }));

describe("an HTTP repository", () => {
  test("gives the archive that its index names, by a relative address", async (t) => {
    const server = await serve(t, ({ path }) => repositoryAnswer(path, rows));
    const { open } = newStores(t);
    const chart = await open().fetch({ repository: `${server.origin}/charts`, name: "shop", version: "^1.0" });
    assert.equal(Buffer.from(chart.archive).toString(), "archive of 1.2.0");
    assert.equal(chart.version, "1.2.0");
    assert.deepEqual(
      server.seen.map((each) => each.path),
      ["/charts/index.yaml", "/charts/shop-1.2.0.tgz"],
    );
  });

  test("gives the archive of an absolute address on another host, which does not see the password", async (t) => {
    const files = await serve(t, () => ({ body: archiveOf("1.0.0") }));
    const server = await serve(t, () => ({
      body: indexYaml([{ version: "1.0.0", url: `${files.origin}/deep/shop.tgz?signature=abc` }]),
    }));
    const credentials = () => ({ username: "ann", password: "geheim" });
    const chart = await newStores(t, { credentials }).open().fetch({
      repository: server.origin,
      name: "shop",
      version: "",
    });
    assert.deepEqual(Buffer.from(chart.archive), archiveOf("1.0.0"));
    assert.equal(server.seen[0]?.headers.authorization, `Basic ${Buffer.from("ann:geheim").toString("base64")}`);
    assert.deepEqual(
      files.seen.map((each) => [each.path, each.headers.authorization]),
      [["/deep/shop.tgz?signature=abc", undefined]],
    );
  });

  test("may redirect: to itself with the password, to another host without", async (t) => {
    const elsewhere = await serve(t, ({ path }) => repositoryAnswer(path, rows));
    const server = await serve(t, ({ path }) => {
      if (path.startsWith("/old/")) return { status: 301, headers: { location: path.replace("old", "new") } };
      return { status: 302, headers: { location: `${elsewhere.origin}${path}` } };
    });
    const store = newStores(t, { credentials: () => ({ username: "ann", password: "geheim" }) }).open();
    await store.fetch({ repository: `${server.origin}/old`, name: "shop", version: "1.0.0" });
    assert.equal(server.seen.length, 4);
    assert.ok(server.seen.every((each) => each.headers.authorization?.startsWith("Basic ")));
    assert.deepEqual(
      elsewhere.seen.map((each) => each.headers.authorization),
      [undefined, undefined],
    );
  });

  test("takes user and password from its own address, and no message repeats them", async (t) => {
    const server = await serve(t, ({ path }) => repositoryAnswer(path, rows));
    const repository = server.origin.replace("http://", "http://ann:ge%40heim@");
    const store = newStores(t).open();
    await store.fetch({ repository, name: "shop", version: "1.0.0" });
    const expected = `Basic ${Buffer.from("ann:ge@heim").toString("base64")}`;
    assert.deepEqual(
      server.seen.map((each) => each.headers.authorization),
      [expected, expected],
    );
    const silent = (error: unknown) =>
      error instanceof Error && !/heim|ann/.test(`${error.message} ${String(error.cause)}`);
    await assert.rejects(store.fetch({ repository, name: "absent", version: "" }), silent);
    await server.close();
    await assert.rejects(newStores(t).open().fetch({ repository, name: "shop", version: "" }), silent);
  });

  test("may have a query in its address, which goes with all that is asked and into no message", async (t) => {
    const server = await serve(t, ({ path }) =>
      path.endsWith("?token=geheim") ? repositoryAnswer(path, [{ version: "1.0.0" }]) : { status: 403 },
    );
    const repository = `${server.origin}/charts?token=geheim`;
    const chart = await newStores(t).open().fetch({ repository, name: "shop", version: "" });
    assert.equal(chart.version, "1.0.0");
    const wrong = { repository: `${server.origin}/charts?token=wrong`, name: "shop", version: "" };
    await assert.rejects(newStores(t).open().fetch(wrong), (error: Error) => !error.message.includes("wrong"));
  });

  test("may write its index as JSON, and rows that are no versions are passed over", async (t) => {
    const entries = {
      shop: [
        { version: "latest", urls: ["no.tgz"] },
        { version: "1.0.0", urls: ["shop-1.0.0.tgz"] },
      ],
    };
    const server = await serve(t, ({ path }) =>
      path === "/index.yaml" ? { body: JSON.stringify({ apiVersion: "v1", entries }) } : repositoryAnswer(path, rows),
    );
    const chart = await newStores(t).open().fetch({ repository: server.origin, name: "shop", version: "" });
    assert.equal(chart.version, "1.0.0");
  });
});

describe("an HTTP repository that goes wrong", () => {
  const cases = [
    { name: "is not there", index: { status: 404 }, code: "not-found", words: [/index\.yaml answered 404/] },
    { name: "wants a password", index: { status: 401 }, code: "unauthorized", words: [/log in/] },
    { name: "forbids", index: { status: 403 }, code: "unauthorized", words: [/\(403\)/] },
    { name: "is broken", index: { status: 503 }, code: "unreachable", words: [/answered 503/] },
    { name: "answers 304 to a first question", index: { status: 304 }, code: "invalid-answer", words: [/304/] },
    { name: "sends no YAML", index: { body: "a: [b" }, code: "invalid-answer", words: [/YAML/] },
    { name: "sends no JSON", index: { body: '{"entries": {' }, code: "invalid-answer", words: [/YAML/] },
    { name: "sends a page", index: { body: "<html>hello</html>" }, code: "invalid-answer", words: [/no entries/] },
    { name: "has no such chart", index: { body: indexYaml(rows, "other") }, code: "not-found", words: [/no chart/] },
    {
      name: "has no such version",
      index: { body: indexYaml([{ version: "0.1.0" }]) },
      code: "no-version",
      words: [/there are 0\.1\.0$/],
    },
    {
      name: "gives no address",
      index: { body: indexYaml([{ version: "1.0.0", url: "" }]) },
      code: "invalid-answer",
      words: [/no address/],
    },
    {
      name: "gives an address of another kind",
      index: { body: indexYaml([{ version: "1.0.0", url: "file:///etc/passwd" }]) },
      code: "unsupported-address",
      words: [/file:/],
    },
    {
      name: "sends another archive than its index names",
      index: { body: indexYaml([{ version: "1.0.0", digest: "0".repeat(64) }]) },
      code: "digest-mismatch",
      words: [/expected 0/],
    },
    {
      name: "redirects in circles",
      index: { status: 302, headers: { location: "/index.yaml" } },
      code: "unreachable",
      words: [/5 redirects/],
    },
    {
      name: "redirects to nowhere",
      index: { status: 302, headers: { location: "http://[" } },
      code: "invalid-answer",
      words: [/no address/],
    },
    {
      name: "redirects to a file",
      index: { status: 302, headers: { location: "file:///etc/passwd" } },
      code: "unsupported-address",
      words: [/file:/],
    },
  ] as const;
  for (const { name, index, code, words } of cases) {
    test(`${name}: ${code}, with the chart and the repository named`, async (t) => {
      const server = await serve(t, ({ path }) => (path === "/index.yaml" ? index : { body: archiveOf("1.0.0") }));
      const request = { repository: server.origin, name: "shop", version: "^1.0" };
      await assert.rejects(newStores(t).open().fetch(request), failure(code, /chart shop \^1\.0 of http:/, ...words));
    });
  }

  test("sends more than a chart can have: stopped while it arrives", async (t) => {
    const server = await serve(t, ({ path }) => {
      if (path === "/index.yaml") return { body: indexYaml([{ version: "1.0.0" }]) };
      const piece = Buffer.alloc(1024 * 1024);
      return (response) => {
        const send = () => {
          while (response.write(piece));
        };
        response.on("drain", send);
        send();
      };
    });
    const request = { repository: server.origin, name: "shop", version: "1.0.0" };
    await assert.rejects(newStores(t).open().fetch(request), failure("too-large", new RegExp(`${archiveBytesMax}`)));
  });

  test("never answers, or stops in the middle: given up after a silence", async (t) => {
    const mute = await serve(t, () => undefined);
    const stopping = await serve(t, () => (response) => void response.write("apiVersion: v1\n"));
    const { open } = newStores(t, { idleTimeoutMs: 30 });
    for (const { origin } of [mute, stopping]) {
      const request = { repository: origin, name: "shop", version: "" };
      await assert.rejects(open().fetch(request), failure("unreachable", /nothing came for 30 ms/, /chart shop/));
    }
  });

  test("breaks off in the middle of an answer: unreachable", async (t) => {
    const server = await serve(t, () => (response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("apiVersion", () => response.destroy());
    });
    const request = { repository: server.origin, name: "shop", version: "" };
    await assert.rejects(newStores(t).open().fetch(request), failure("unreachable", /did not answer/));
  });

  test("is not waited for any longer when the caller gives up", async (t) => {
    const caller = new AbortController();
    const server = await serve(t, () => {
      caller.abort(new Error("interrupted"));
      return undefined;
    });
    const store = newStores(t, { signal: caller.signal }).open();
    await assert.rejects(store.fetch({ repository: server.origin, name: "shop", version: "" }), /interrupted/);
  });
});

test("addresses that are none, or of another kind, are refused by name", async (t) => {
  const store = newStores(t).open();
  for (const repository of [
    "stable",
    "@stable",
    "file://../x",
    "http://",
    "",
    "oci://ann:geheim@registry.example.com",
  ]) {
    await assert.rejects(store.fetch({ repository, name: "shop", version: "" }), (error: Error) => {
      assert.ok(!error.message.includes("geheim"));
      return failure("unsupported-address", /chart shop/)(error);
    });
  }
});
