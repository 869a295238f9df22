import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { sha256 } from "./chart-cache.ts";
import { listingFreshMs } from "./limits.ts";
import { archiveOf, failure, newStores, offline, repositoryAnswer } from "./tests/chart-world.ts";
import { serve } from "./tests/loopback-server.ts";

describe("what was fetched before", () => {
  test("is given without any question while the index is fresh", async (t) => {
    const server = await serve(t, ({ path }) => repositoryAnswer(path, [{ version: "1.0.0" }]));
    const { open } = newStores(t);
    const request = { repository: server.origin, name: "shop", version: "^1.0" };
    const first = await open().fetch(request);
    assert.equal(server.seen.length, 2);
    assert.deepEqual(await open().fetch(request), first);
    assert.equal(server.seen.length, 2);
  });

  test("is asked for again later, with the ETag; an unchanged index is not sent twice", async (t) => {
    const versions = ["1.0.0"];
    const server = await serve(t, ({ path, headers }) => {
      if (path === "/index.yaml" && headers["if-none-match"] === '"one"' && versions.length === 1)
        return { status: 304 };
      return repositoryAnswer(
        path,
        versions.map((version) => ({ version })),
      );
    });
    const clock = { ms: 1_000 };
    const { open } = newStores(t, { now: () => clock.ms });
    const store = open();
    const request = { repository: server.origin, name: "shop", version: ">=1.0.0" };
    await store.fetch(request);
    clock.ms += listingFreshMs;
    assert.equal((await store.fetch(request)).version, "1.0.0");
    assert.equal(server.seen.at(-1)?.headers["if-none-match"], '"one"');
    assert.equal(server.seen.length, 3);
    assert.equal((await store.fetch(request)).version, "1.0.0");
    assert.equal(server.seen.length, 3, "after a 304 it is fresh again");
    versions.push("1.1.0");
    clock.ms += listingFreshMs;
    assert.equal((await store.fetch(request)).version, "1.1.0", "a constraint is resolved anew");
    assert.equal((await open().fetch(request)).version, "1.1.0", "by another run too");
  });

  test("is refetched when the disk lost a part of it", async (t) => {
    const server = await serve(t, ({ path }) => repositoryAnswer(path, [{ version: "1.0.0" }]));
    const { open, cacheDirectory } = newStores(t);
    const request = { repository: server.origin, name: "shop", version: "" };
    const { digest } = await open().fetch(request);
    const spoil = [
      () => truncateSync(join(cacheDirectory, "archives", digest), 3),
      () => writeFileSync(join(cacheDirectory, "archives", digest), "something else"),
      ...["versions", "listings"].map((kind) => () => {
        for (const name of readdirSync(join(cacheDirectory, kind)))
          writeFileSync(join(cacheDirectory, kind, name), "../\0");
      }),
    ];
    for (const [index, break_] of spoil.entries()) {
      break_();
      const before = server.seen.length;
      assert.deepEqual(Buffer.from((await open().fetch(request)).archive), archiveOf("1.0.0"));
      assert.equal(server.seen.length, before + 1, `spoiled in way ${index}, one thing is asked for`);
    }
  });

  test("lies in whole files that only their owner reads, under the hash of their content", async (t) => {
    const server = await serve(t, ({ path }) => repositoryAnswer(path, [{ version: "1.0.0" }]));
    const { open, cacheDirectory } = newStores(t);
    await open().fetch({ repository: server.origin, name: "shop", version: "" });
    const files = readdirSync(cacheDirectory, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
    assert.equal(files.length, 3);
    for (const file of files) {
      assert.match(file.name, /^[0-9a-f]{64}$/, "no unfinished file is left");
      assert.equal(statSync(join(file.parentPath, file.name)).mode & 0o777, 0o600);
    }
    const digest = sha256(archiveOf("1.0.0"));
    assert.deepEqual(readFileSync(join(cacheDirectory, "archives", digest)), archiveOf("1.0.0"));
  });

  test("does not lie where nothing can be written: the folder is named", async (t) => {
    const server = await serve(t, ({ path }) => repositoryAnswer(path, [{ version: "1.0.0" }]));
    const { open, cacheDirectory } = newStores(t);
    writeFileSync(join(cacheDirectory, "archives"), "a file where a folder should be");
    const request = { repository: server.origin, name: "shop", version: "" };
    await assert.rejects(open().fetch(request), failure("cache-unusable", /fairway-charts-/, /make it writable/));
  });
});

describe("without a network", () => {
  test("what is in the cache is given, even by an old index, and it is said", async (t) => {
    const server = await serve(t, ({ path }) => repositoryAnswer(path, [{ version: "1.0.0" }, { version: "1.1.0" }]));
    const clock = { ms: 1_000 };
    const told: string[] = [];
    const { open } = newStores(t, { now: () => clock.ms, onStale: (message) => told.push(message) });
    const request = { repository: server.origin, name: "shop", version: "^1.0" };
    const fetched = await open().fetch(request);
    clock.ms += 2 * listingFreshMs;
    assert.deepEqual(await open({ fetch: offline }).fetch(request), fetched);
    await server.close();
    const store = open();
    assert.deepEqual(await store.fetch(request), fetched);
    assert.deepEqual(await store.fetch(request), fetched);
    assert.equal(told.length, 2, "once for each run");
    assert.match(told[0] ?? "", /not to be used; what it offered 10 minutes ago is used/);
    assert.match(told[1] ?? "", /ECONNREFUSED/);
    const other = { ...request, version: "1.0.0" };
    await assert.rejects(open({ fetch: offline }).fetch(other), failure("offline", /chart shop 1\.0\.0 of http:/));
  });

  test("what is not in the cache is refused with the chart and the repository", async (t) => {
    const store = newStores(t, { fetch: offline }).open();
    for (const repository of ["https://charts.example.com", "oci://registry.example.com/charts"]) {
      for (const version of ["1.0.0", "^1.0"]) {
        const request = { repository, name: "shop", version };
        const words = [/chart shop/, /example\.com/, /not in the cache/];
        await assert.rejects(store.fetch(request), failure("offline", ...words));
      }
    }
  });

  test("a refusal of the server is no reason to take an old index", async (t) => {
    const status = { now: 200 };
    const server = await serve(t, ({ path }) =>
      status.now === 200 ? repositoryAnswer(path, [{ version: "1.0.0" }]) : { status: status.now },
    );
    const clock = { ms: 1_000 };
    const { open } = newStores(t, { now: () => clock.ms });
    const request = { repository: server.origin, name: "shop", version: "^1.0" };
    await open().fetch(request);
    clock.ms += 2 * listingFreshMs;
    status.now = 401;
    await assert.rejects(open().fetch(request), failure("unauthorized"));
    status.now = 502;
    assert.equal((await open().fetch(request)).version, "1.0.0");
  });
});

describe("questions at one time", () => {
  test("are asked once where they are equal, or lead to the same archive", async (t) => {
    const server = await serve(t, ({ path }) => repositoryAnswer(path, [{ version: "1.0.0" }]));
    const store = newStores(t).open();
    const versions = ["", "^1.0", "1.0.0", "", "^1.0", "1.0.0"];
    const charts = await Promise.all(
      versions.map((version) => store.fetch({ repository: server.origin, name: "shop", version })),
    );
    assert.ok(charts.every((chart) => chart.version === "1.0.0"));
    assert.equal(server.seen.length, 2);
  });

  test("wait for a dead server once, and it may come back later", async (t) => {
    const alive = { now: false };
    const server = await serve(t, ({ path }) =>
      alive.now ? repositoryAnswer(path, [{ version: "1.0.0" }]) : { status: 500 },
    );
    const clock = { ms: 1_000 };
    const store = newStores(t, { now: () => clock.ms }).open();
    const request = { repository: server.origin, name: "shop", version: "" };
    await Promise.all(
      ["", "1.0.0"].map((version) => assert.rejects(store.fetch({ ...request, version }), failure("unreachable"))),
    );
    await assert.rejects(store.fetch(request), failure("unreachable"));
    assert.equal(server.seen.length, 1);
    alive.now = true;
    clock.ms += listingFreshMs;
    assert.equal((await store.fetch(request)).version, "1.0.0");
  });
});
