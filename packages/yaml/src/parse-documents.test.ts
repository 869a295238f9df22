import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeBytes, keyText, parseDocuments, textOfBytes, YamlError } from "./index.ts";
import type { MappingNode, YamlNode } from "./index.ts";

function mapping(node: YamlNode | undefined): MappingNode {
  assert.ok(node?.kind === "mapping");
  return node;
}

function entry(node: YamlNode | undefined, name: string): { key: YamlNode; value: YamlNode } {
  const found = mapping(node).entries.find(({ key }) => keyText(key) === name);
  assert.ok(found, `no key ${name}`);
  return found;
}

const place = (node: YamlNode): string => `${node.start.line}:${node.start.column}-${node.end.line}:${node.end.column}`;

test("keys, values and collections know where they start and end", () => {
  const text = "a: 1\nlist:\n  - x\n  - {k: 'v', m: [1, 2]}\ntext: |\n  one\n  two\nlast: \"q\"\n";
  const root = parseDocuments(text).documents[0]?.root;
  assert.equal(place(mapping(root)), "1:1-8:10");
  assert.equal(place(entry(root, "a").key), "1:1-1:2");
  assert.equal(place(entry(root, "a").value), "1:4-1:5");
  const { value: list } = entry(root, "list");
  assert.equal(place(list), "3:3-4:24");
  assert.ok(list.kind === "sequence");
  assert.equal(place(entry(list.items[1], "k").value), "4:9-4:12");
  assert.equal(place(entry(list.items[1], "m").value), "4:17-4:23");
  assert.equal(place(entry(root, "text").value), "5:7-8:1");
  assert.equal(place(entry(root, "last").value), "8:7-8:10");
});

test("places count the lines of CRLF, of lone CR and after a byte order mark in the same way", () => {
  for (const text of ["a: 1\r\nb:\r\n  c: 2\r\n", "a: 1\rb:\r  c: 2\r", "\ufeffa: 1\nb:\n  c: 2\n"]) {
    const root = parseDocuments(text).documents[0]?.root;
    assert.equal(place(entry(entry(root, "b").value, "c").value), "3:6-3:7", JSON.stringify(text));
  }
});

test("offsets point into the text that was given", () => {
  const text = "# ä 😀\nkey: välue # 😀\nother: [\"x\", 'y']\n";
  const root = parseDocuments(text).documents[0]?.root;
  const { value } = entry(root, "key");
  assert.equal(text.slice(value.start.offset, value.end.offset), "välue");
  const { value: other } = entry(root, "other");
  assert.equal(text.slice(other.start.offset, other.end.offset), "[\"x\", 'y']");
});

test("all problems are reported: duplicates, unknown aliases, and syntax errors of several documents", () => {
  const text = "a: b: c\n---\nx: 1\nx: 2\ny: *z\n---\nq: [1\n---\nfine: yes\n---\n- {a\n";
  const { documents, problems } = parseDocuments(text);
  assert.deepEqual(
    problems.map(({ code, position }) => `${code} ${position.line}:${position.column}`),
    ["syntax 1:5", "duplicate-key 4:1", "unknown-anchor 5:4", "syntax 8:1", "syntax 12:1"],
  );
  assert.equal(documents.length, 2);
});

test("an override after a merge is no duplicate, and the merged entries are part of the mapping", () => {
  const { documents, problems } = parseDocuments("base: &b {a: 1, c: 2}\nd:\n  <<: *b\n  a: 3\n");
  assert.deepEqual(problems, []);
  const { value } = entry(documents[0]?.root, "d");
  assert.deepEqual(
    mapping(value).entries.map(({ key, value: each }) => [keyText(key), each.kind === "scalar" ? each.value : ""]),
    [
      ["a", 3],
      ["c", 2],
    ],
  );
});

test("scalars keep their text, style and tag beside the typed value", () => {
  const root = parseDocuments("a: 0644\nb: '0644'\nc: !!str 1\nd: >-\n  x\n  y\n", { integers: "bigint" }).documents[0]
    ?.root;
  const scalar = (name: string): unknown => {
    const { value } = entry(root, name);
    assert.ok(value.kind === "scalar");
    return [value.value, value.text, value.style, value.tag];
  };
  assert.deepEqual(scalar("a"), [420n, "0644", "plain", undefined]);
  assert.deepEqual(scalar("b"), ["0644", "0644", "single", undefined]);
  assert.deepEqual(scalar("c"), ["1", "1", "plain", "tag:yaml.org,2002:str"]);
  assert.deepEqual(scalar("d"), ["x y", "x y", "folded", undefined]);
});

test("bytes in UTF-8 and UTF-16 with a mark are read; others are refused by name", () => {
  const utf16 = Buffer.from("\ufeffa: é\n", "utf16le");
  assert.deepEqual(decodeBytes(utf16), { a: "é" });
  assert.deepEqual(decodeBytes(utf16.swap16()), { a: "é" });
  assert.deepEqual(decodeBytes(Buffer.from("\ufeffa: é\n")), { a: "é" });
  const refuse = (bytes: Uint8Array, sentence: RegExp): void => {
    assert.throws(
      () => textOfBytes(bytes),
      (error) => error instanceof YamlError && error.code === "encoding" && sentence.test(error.message),
    );
  };
  refuse(Buffer.from("a: b", "utf16le"), /utf-16 without a byte order mark/);
  refuse(Buffer.from([0xff, 0xfe, 0, 0, 97, 0, 0, 0]), /utf-32/);
  refuse(Buffer.from([97, 58, 32, 0xe9, 10]), /not valid UTF-8 at byte 3/);
});
