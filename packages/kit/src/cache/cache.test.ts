import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { after, test } from "node:test";
import { freePort } from "@fairway/postgres";
import { createCache } from "./memory-cache.ts";
import { redisCache } from "./redis-cache.ts";
import type { Cache } from "./cache.ts";

const redis = await startRedis();

after(() => redis?.kill());

async function startRedis(): Promise<{ url: string; kill(): void } | undefined> {
  const program = ["/usr/bin/redis-server", "/usr/local/bin/redis-server"].find(existsSync);
  if (program === undefined) return undefined;
  const port = await freePort();
  const child = spawn(program, ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"], {
    stdio: ["ignore", "pipe", "ignore"],
    cwd: "/",
  });
  await new Promise<void>((resolve, reject) => {
    child.once("exit", () => reject(new Error("redis-server ended")));
    child.stdout.on("data", (chunk: Buffer) => {
      if (chunk.toString().includes("Ready to accept connections")) resolve();
    });
  });
  return { url: `redis://127.0.0.1:${port}`, kill: () => child.kill("SIGKILL") };
}

let prefixes = 0;

function contract(name: string, open: (ttlMs: number) => Cache): void {
  const withCache = (title: string, run: (cache: Cache) => Promise<void>, ttlMs = 60_000): void => {
    test(`${name}: ${title}`, async () => {
      const cache = open(ttlMs);
      try {
        await untilUsable(cache);
        await run(cache);
      } finally {
        await cache.close();
      }
    });
  };

  withCache("loads a value once and then keeps it", async (cache) => {
    let loads = 0;
    const load = async () => ({ n: (loads += 1) });
    assert.deepEqual(await cache.fetch("a", load), { n: 1 });
    assert.deepEqual(await cache.fetch("a", load), { n: 1 });
    assert.deepEqual(await cache.fetch("b", load), { n: 2 });
  });

  withCache("loads once for all who ask at the same time", async (cache) => {
    let loads = 0;
    const asked = Array.from({ length: 20 }, () => cache.fetch("hot", async () => (loads += 1)));
    assert.deepEqual(new Set(await Promise.all(asked)), new Set([1]));
  });

  withCache("does not keep a load that failed", async (cache) => {
    await assert.rejects(
      cache.fetch("x", () => Promise.reject(new Error("down"))),
      /down/,
    );
    assert.equal(await cache.fetch("x", async () => "up"), "up");
  });

  withCache("forgets a key, also when its load was under way", async (cache) => {
    await cache.fetch("gone", async () => "old");
    await cache.delete("gone");
    assert.equal(await cache.fetch("gone", async () => "new"), "new");
    const { promise: gate, resolve } = Promise.withResolvers<string>();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const slow = cache.fetch("racing", () => {
      begin();
      return gate;
    });
    await begun;
    await cache.delete("racing");
    resolve("stale");
    assert.equal(await slow, "stale");
    assert.equal(await cache.fetch("racing", async () => "fresh"), "fresh");
  });

  withCache(
    "forgets a value whose time is over",
    async (cache) => {
      let loads = 0;
      const load = async () => (loads += 1);
      const end = performance.now() + 60_000;
      while ((await cache.fetch("short", load)) < 2) assert.ok(performance.now() < end, "it is kept for ever");
    },
    20,
  );

  withCache("gives everybody an own copy", async (cache) => {
    const first = await cache.fetch("copy", async () => ({ list: [1] }));
    first.list.push(2);
    const second = await cache.fetch("copy", async () => ({ list: [] as number[] }));
    second.list.push(3);
    assert.deepEqual(await cache.fetch("copy", async () => ({ list: [] as number[] })), { list: [1] });
  });
}

async function untilUsable(cache: Cache): Promise<void> {
  const end = performance.now() + 60_000;
  for (;;) {
    try {
      await cache.check(AbortSignal.timeout(1_000));
      return;
    } catch (error) {
      if (performance.now() > end) throw error;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

contract("memory", (ttlMs) => createCache({ ttlMs }));

if (redis) contract("redis", (ttlMs) => redisCache({ url: redis.url, ttlMs, prefix: `test-${(prefixes += 1)}:` }));
else test("redis", { skip: "redis-server is not on this machine (Debian's package redis-server)" }, () => undefined);

test("what was not used for longest makes room", async () => {
  const cache = createCache({ ttlMs: 600_000, entriesMax: 2 });
  await cache.fetch("a", async () => 1);
  await cache.fetch("b", async () => 1);
  await cache.fetch("a", async () => 2);
  await cache.fetch("c", async () => 1);
  assert.equal(await cache.fetch("a", async () => 2), 1);
  assert.equal(await cache.fetch("b", async () => 2), 2);
});

test("without Redis values are loaded, and readiness hears of it", async () => {
  const cache = redisCache({ url: `redis://127.0.0.1:${await freePort()}`, ttlMs: 1_000, prefix: "x:" });
  assert.equal(await cache.fetch("a", async () => 1), 1);
  assert.equal(await cache.fetch("a", async () => 2), 2);
  await assert.rejects(cache.check(AbortSignal.timeout(1_000)));
  await cache.close();
});
