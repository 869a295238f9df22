import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { claimLoopbackBlock } from "./loopback-block.ts";

function place(t: TestContext): { readonly claims: string; readonly folder: (name: string) => string } {
  const root = mkdtempSync(join(tmpdir(), "fairway-blocks-"));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  return {
    claims: join(root, "claims"),
    folder: (name) => {
      mkdirSync(join(root, name), { recursive: true });
      return join(root, name);
    },
  };
}

test("no two clusters side by side have the same addresses", (t) => {
  const { claims, folder } = place(t);
  const all = Array.from({ length: 64 }, (_, index) => claimLoopbackBlock(folder(`c${index}`), claims).pods);
  assert.deepEqual(
    all.toSorted((left, right) => left - right),
    Array.from({ length: 64 }, (_, index) => 64 + index),
  );
  const oneMore = claimLoopbackBlock(folder("one-more"), claims);
  assert.ok(all.includes(oneMore.pods), "when all are taken a block is shared");
  assert.equal(oneMore.services, oneMore.pods + 64);
});

test("who comes again finds the own addresses, whoever went in between", (t) => {
  const { claims, folder } = place(t);
  const names = Array.from({ length: 40 }, (_, index) => `c${index}`);
  const first = names.map((name) => claimLoopbackBlock(folder(name), claims));
  for (const block of first.slice(0, 20)) block.release();
  const again = names.slice(20).map((name) => claimLoopbackBlock(folder(name), claims).pods);
  assert.deepEqual(
    again,
    first.slice(20).map(({ pods }) => pods),
  );
});

test("what was released, and what a folder had that is gone, is for others", (t) => {
  const { claims, folder } = place(t);
  const blocks = Array.from({ length: 64 }, (_, index) => claimLoopbackBlock(folder(`c${index}`), claims));
  blocks[7]?.release();
  rmSync(folder("c9"), { recursive: true });
  const freed = [blocks[7]?.pods, blocks[9]?.pods];
  const taken = ["x", "y"].map((name) => claimLoopbackBlock(folder(name), claims).pods);
  assert.deepEqual(new Set(taken), new Set(freed));
});

test("without a place for claims there is a block all the same, the same each time", (t) => {
  const { folder } = place(t);
  const claims = "/dev/null/claims";
  const block = claimLoopbackBlock(folder("alone"), claims);
  assert.ok(block.pods >= 64 && block.pods < 128);
  assert.equal(claimLoopbackBlock(folder("alone"), claims).pods, block.pods);
});
