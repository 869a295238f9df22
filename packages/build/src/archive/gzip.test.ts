import assert from "node:assert/strict";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { collected } from "../../tests/collected.ts";
import { gzip } from "./gzip.ts";

/** More than one piece, part of it hard to compress, always the same. */
const content = Buffer.alloc(
  9_000_001,
  (() => {
    const pattern = Buffer.alloc(70_001);
    let state = 7;
    for (let index = 0; index < pattern.length; index += 1) {
      state = (state * 48_271) % 2_147_483_647;
      pattern[index] = state % (index % 3 === 0 ? 256 : 16);
    }
    return pattern;
  })(),
);

async function* inChunksOf(size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size);
}

test("what is compressed is unpacked by others as it was", async () => {
  const packed = Buffer.concat(await collected(gzip(inChunksOf(65_536))));
  assert.ok(gunzipSync(packed).equals(content));
});

test("the bytes do not depend on the chunks in which the content arrives", async () => {
  const first = Buffer.concat(await collected(gzip(inChunksOf(65_536))));
  const second = Buffer.concat(await collected(gzip(inChunksOf(1_000_003))));
  assert.ok(first.equals(second));
});

test("nothing is an empty member that is valid", async () => {
  const packed = Buffer.concat(await collected(gzip((async function* () {})())));
  assert.equal(gunzipSync(packed).length, 0);
});

test("a source that fails fails the whole", async () => {
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield content.subarray(0, 5_000_000);
    throw new Error("the disk is gone");
  }
  await assert.rejects(collected(gzip(failing())), /the disk is gone/u);
});
