import assert from "node:assert/strict";
import { test } from "node:test";
import {
  byteLength,
  bytesToString,
  compareStrings,
  firstRunes,
  hasRawBytes,
  mapKeys,
  runeCount,
  sliceBytes,
  stringToBytes,
} from "./index.ts";

test("any bytes become a string and come back unchanged", () => {
  let state = 42;
  for (let round = 0; round < 500; round++) {
    const bytes = Uint8Array.from({ length: round % 40 }, () => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return (state >>> 8) & 0xff;
    });
    const text = bytesToString(bytes);
    assert.deepEqual(stringToBytes(text), bytes);
    assert.equal(byteLength(text), bytes.length);
  }
});

test("valid UTF-8 stays the text that it is", () => {
  const text = "héllo, 世界 😀\0\uffff\ufeff";
  assert.equal(bytesToString(new TextEncoder().encode(text)), text);
  assert.equal(hasRawBytes(text), false);
  assert.equal(byteLength(text), Buffer.byteLength(text));
});

test("encoded surrogates and overlong forms are single bytes, as in Go", () => {
  assert.equal(runeCount(bytesToString(Uint8Array.of(0xed, 0xa0, 0x80))), 3);
  assert.equal(runeCount(bytesToString(Uint8Array.of(0xc0, 0x80))), 2);
  assert.equal(runeCount(bytesToString(Uint8Array.of(0xf4, 0x90, 0x80, 0x80))), 4);
});

test("a slice of bytes may cut a character", () => {
  assert.equal(sliceBytes("世界", 0, 3), "世");
  assert.deepEqual([...stringToBytes(sliceBytes("世界", 1, 4))], [0xb8, 0x96, 0xe7]);
  assert.equal(sliceBytes("abc", 1, 2), "b");
});

test("strings are in the order of their bytes", () => {
  assert.deepEqual(["😀", "\uffff", "é", "z", "B", ""].sort(compareStrings), ["", "B", "z", "é", "\uffff", "😀"]);
  assert.deepEqual(mapKeys({ b: 1, 10: 1, 9: 1, a: 1, "😀": 1, "\uffff": 1 }), ["10", "9", "a", "b", "\uffff", "😀"]);
});

test("runes are counted and cut as code points", () => {
  assert.equal(runeCount("a😀世"), 3);
  assert.equal(firstRunes("a😀世", 2), "a😀");
  assert.equal(firstRunes("abc", 5), "abc");
});
