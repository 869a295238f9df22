import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { createMemoryStore, openLmdbStore } from "./index.ts";
import { StoreError, type Store, type StoreEvent, type WriteOutcome } from "./store.ts";

const folder = mkdtempSync(join(tmpdir(), "fairway-store-"));
after(() => rmSync(folder, { recursive: true, force: true }));
let opened = 0;

const kinds = {
  memory: async () => createMemoryStore(),
  LMDB: async () => openLmdbStore({ folder: join(folder, String(opened++)) }),
};

/** What every store does, whatever it keeps its log in. */
for (const [name, open] of Object.entries(kinds)) {
  describe(`a store in ${name}`, () => {
    const inStore = (title: string, story: (store: Store) => Promise<void>): void => {
      test(title, async () => {
        const store = await open();
        await story(store).finally(() => store.close());
      });
    };

    inStore("gives every write the next revision and keeps when a key began", async (store) => {
      await put(store, "/a/1", "one");
      await put(store, "/a/2", "two");
      await put(store, "/a/1", "uno");
      assert.equal(store.revision, 3);
      assert.deepEqual(shown(store, "/a/1"), { value: "uno", createdAt: 1, modifiedAt: 3 });
      assert.equal(store.get("/a/3"), undefined);
    });

    inStore("tells a writer the revision that its value will have", async (store) => {
      await put(store, "/a", "x");
      await store.write({ key: "/b", decide: (_, revision) => Buffer.from(String(revision)) });
      assert.equal(shown(store, "/b")?.value, "2");
    });

    inStore("decides writes to one key one after another, without losing any", async (store) => {
      const add = () =>
        store.write({ key: "/n", decide: (current) => Buffer.from(String(Number(current?.value ?? 0) + 1)) });
      await Promise.all(Array.from({ length: 500 }, add));
      assert.equal(shown(store, "/n")?.value, "500");
    });

    inStore("shows a write to readers when it is durable, not before", async (store) => {
      const write = put(store, "/a", "x");
      assert.equal(store.get("/a"), undefined);
      assert.equal(store.revision, 0);
      await write;
      assert.equal(shown(store, "/a")?.value, "x");
    });

    inStore("changes nothing when a writer keeps what is there, deletes what isn't, or throws", async (store) => {
      await put(store, "/a", "x");
      assert.equal((await store.write({ key: "/a", decide: () => "keep" })).kind, "kept");
      assert.deepEqual(await remove(store, "/none"), { kind: "kept", current: undefined });
      const refuse = () => {
        throw new Error("no");
      };
      await assert.rejects(store.write({ key: "/a", decide: refuse }), /^Error: no$/);
      assert.equal(store.revision, 1);
    });

    inStore("answers who keeps what another is writing only when that is durable", async (store) => {
      const writing = put(store, "/a", "x");
      const kept = await store.write({ key: "/a", decide: (current) => (current ? "keep" : "delete") });
      assert.equal(store.revision, 1);
      assert.equal(kept.kind === "kept" && kept.current?.value.toString(), "x");
      await writing;
    });

    inStore("begins a key anew after its deletion", async (store) => {
      await put(store, "/a", "x");
      const deleted = await remove(store, "/a");
      assert.equal(deleted.kind === "deleted" && deleted.lastValue.value.toString(), "x");
      await put(store, "/a", "y");
      assert.deepEqual(shown(store, "/a"), { value: "y", createdAt: 3, modifiedAt: 3 });
    });

    inStore("ranges over a prefix in the order of bytes, page by page", async (store) => {
      for (const key of ["/a/b", "/a/a", "/b/a", "/a/\u{1f600}", "/a/ﬀ", "/a/c"]) await put(store, key, key);
      const whole = store.range({ prefix: "/a/" });
      assert.deepEqual(
        whole.values.map(({ key }) => key),
        ["/a/a", "/a/b", "/a/c", "/a/ﬀ", "/a/\u{1f600}"],
      );
      const first = store.range({ prefix: "/a/", limit: 2 });
      assert.deepEqual([first.values.length, first.next, first.remaining], [2, "/a/c", 3]);
      const rest = store.range({ prefix: "/a/", startAt: first.next ?? "", limit: 3 });
      assert.deepEqual(
        [rest.values.map(({ key }) => key), rest.next, rest.remaining],
        [["/a/c", "/a/ﬀ", "/a/\u{1f600}"], undefined, 0],
      );
      assert.equal(store.count("/a/"), 5);
    });

    inStore("shows a prefix as it was at an older revision", async (store) => {
      await put(store, "/a/1", "one");
      await put(store, "/a/2", "two");
      await put(store, "/a/3", "three");
      await put(store, "/a/1", "uno");
      await remove(store, "/a/2");
      await put(store, "/a/2", "again");
      await put(store, "/a/4", "four");
      const then = store.range({ prefix: "/a/", revision: 3 });
      assert.deepEqual(
        then.values.map(({ key, value }) => `${key}=${value.toString()}`),
        ["/a/1=one", "/a/2=two", "/a/3=three"],
      );
      const page = store.range({ prefix: "/a/", revision: 3, startAt: "/a/2", limit: 1 });
      assert.deepEqual([page.values.map(({ key }) => key), page.next, page.remaining], [["/a/2"], "/a/3", 1]);
      assert.deepEqual(
        store.range({ prefix: "/a/", revision: 5 }).values.map(({ key }) => key),
        ["/a/1", "/a/3"],
      );
    });

    inStore("refuses revisions that are forgotten or not reached", async (store) => {
      for (const value of ["1", "2", "3", "4"]) await put(store, "/a", value);
      await store.compact(3);
      assert.throws(() => store.range({ prefix: "/", revision: 2 }), { code: "compacted" });
      assert.throws(() => store.watch("/", 2, listener([])), { code: "compacted" });
      assert.throws(() => store.range({ prefix: "/", revision: 9 }), { code: "future" });
      await assert.rejects(store.compact(9), { code: "future" });
      assert.equal(store.range({ prefix: "/", revision: 3 }).values[0]?.value.toString(), "3");
    });

    inStore("keeps every present value through a compaction", async (store) => {
      await put(store, "/a", "old");
      await put(store, "/b", "b");
      await put(store, "/a", "new");
      await put(store, "/c", "c");
      await remove(store, "/c");
      await store.compact(store.revision);
      assert.deepEqual(
        store.range({ prefix: "/" }).values.map(({ key, value }) => `${key}=${value.toString()}`),
        ["/a=new", "/b=b"],
      );
      await put(store, "/c", "again");
      assert.deepEqual(shown(store, "/c"), { value: "again", createdAt: 6, modifiedAt: 6 });
    });

    inStore("replays the past to a watch and then goes on with the present", async (store) => {
      for (let i = 0; i < 1_200; i++) await put(store, `/a/${i}`, "x");
      const seen: StoreEvent[] = [];
      store.watch("/a/", 100, listener(seen));
      await put(store, "/b", "elsewhere");
      await put(store, "/a/0", "y");
      await until(() => seen.length === 1_101);
      assert.deepEqual(
        seen.map(({ revision }) => revision),
        [...Array.from({ length: 1_100 }, (_, i) => i + 101), 1_202],
      );
      assert.equal(seen.at(-1)?.previous?.value.toString(), "x");
    });

    inStore("tells a watch what was deleted, and stops when told to", async (store) => {
      const seen: StoreEvent[] = [];
      const handle = store.watch("/a/1", 0, listener(seen));
      await put(store, "/a/1", "x");
      await put(store, "/a/10", "other");
      await remove(store, "/a/1");
      handle.stop();
      await put(store, "/a/1", "y");
      assert.deepEqual(
        seen.map(({ type, previous }) => [type, previous?.value.toString()]),
        [
          ["put", undefined],
          ["delete", "x"],
        ],
      );
    });

    inStore("ends a replay whose past is being forgotten", async (store) => {
      for (let i = 0; i < 1_000; i++) await put(store, "/a", String(i));
      const ended = new Promise((resolve) => {
        store.watch("/a", 1, { onEvents: () => undefined, onEnd: resolve });
      });
      await store.compact(900);
      assert.equal(await ended, "compacted");
    });

    test("ends its watches when it closes, and refuses everything afterwards", async () => {
      const store = await open();
      const ended = new Promise((resolve) => {
        store.watch("/", 0, { onEvents: () => undefined, onEnd: resolve });
      });
      const last = put(store, "/a", "x");
      await store.close();
      assert.equal((await last).kind, "written");
      assert.equal(await ended, "closed");
      assert.throws(() => store.get("/a"), { code: "closed" });
      await assert.rejects(put(store, "/a", "y"), { code: "closed" });
    });
  });
}

describe("a store on disk", () => {
  test("goes on where it was", async () => {
    const place = join(folder, "reopened");
    const first = await openLmdbStore({ folder: place });
    await put(first, "/a", "x");
    await put(first, "/b", "y");
    await remove(first, "/b");
    await first.compact(3);
    await first.close();
    const second = await openLmdbStore({ folder: place });
    assert.deepEqual([second.revision, second.compacted, shown(second, "/a")?.value], [3, 3, "x"]);
    await put(second, "/c", "z");
    assert.equal(second.revision, 4);
    await second.close();
  });

  test("belongs to one process at a time", async () => {
    const place = join(folder, "taken");
    const first = await openLmdbStore({ folder: place });
    await assert.rejects(
      openLmdbStore({ folder: place }),
      (error) => error instanceof StoreError && error.code === "locked",
    );
    await first.close();
    await (await openLmdbStore({ folder: place })).close();
  });
});

function put(store: Store, key: string, value: string): Promise<WriteOutcome> {
  return store.write({ key, decide: () => Buffer.from(value) });
}

function remove(store: Store, key: string): Promise<WriteOutcome> {
  return store.write({ key, decide: () => "delete" });
}

function shown(store: Store, key: string): { value: string; createdAt: number; modifiedAt: number } | undefined {
  const found = store.get(key);
  return found && { value: found.value.toString(), createdAt: found.createdAt, modifiedAt: found.modifiedAt };
}

function listener(seen: StoreEvent[]): Parameters<Store["watch"]>[2] {
  return { onEvents: (events) => seen.push(...events), onEnd: () => undefined };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
