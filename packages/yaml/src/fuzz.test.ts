import assert from "node:assert/strict";
import { test } from "node:test";
import { YamlError, decode, encode, nodeValue, parseDocuments } from "./index.ts";

const seed = Number(process.env["FAIRWAY_SEED"] ?? 20_261_121);
const rounds = 4_000;

/** A small generator of numbers: the same seed gives the same run. */
function generator(from: number): (below: number) => number {
  let state = from >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const pieces = [
  ..." \n\t:-?[]{},#&*!|>'\"%@`\\~<=.",
  "\n  ",
  "\n- ",
  ": ",
  "a",
  "b: c",
  "0",
  "1.5",
  "true",
  "yes",
  "<<: ",
];
const morePieces = [
  "&a ",
  "*a",
  "!!str ",
  "!!int ",
  "---\n",
  "...\n",
  "|-\n ",
  ">+\n ",
  "\\n",
  "é",
  "😀",
  "\u2028",
  "\r\n",
  "\r",
];
const all = [...pieces, ...morePieces];
const starts = [
  "a: 1\nb:\n- x\n- {c: d}\n",
  "k: |\n  one\n  two\n",
  "x: &x {a: 1}\ny:\n  <<: *x\n",
  "",
  "'a': \"b\"\n",
];

test(`whatever the text, reading ends with a value or a YamlError (seed ${seed})`, () => {
  const below = generator(seed);
  for (let round = 0; round < rounds; round++) {
    let text = starts[below(starts.length)] ?? "";
    for (let change = below(12); change >= 0; change--) {
      const at = below(text.length + 1);
      text = text.slice(0, at) + (all[below(all.length)] ?? "") + text.slice(at + below(3));
    }
    const well = text.toWellFormed();
    let value: unknown;
    let failed = false;
    try {
      value = decode(well);
    } catch (error) {
      assert.ok(error instanceof YamlError, `${JSON.stringify(well)}: ${String(error)}`);
      failed = true;
    }
    const { documents, problems } = parseDocuments(well);
    if (failed) {
      assert.notEqual(problems.length, 0, JSON.stringify(well));
    } else if (problems.length === 0 && documents[0] !== undefined) {
      assert.deepEqual(nodeValue(documents[0].root), value, JSON.stringify(well));
    }
  }
});

function randomString(below: (bound: number) => number): string {
  let text = "";
  for (let length = below(8); length > 0; length--) {
    text += all[below(all.length)] ?? "";
  }
  // go-yaml v3 itself cannot read back the literal block that it writes for a text whose line starts with a tab.
  return text.toWellFormed().replaceAll("\t", " ");
}

function randomValue(below: (bound: number) => number, depth: number): unknown {
  switch (below(depth > 3 ? 4 : 6)) {
    case 0:
      return [null, true, false, 0, -1, 1.5, 1e21, 1e-7, 2 ** 53, 1_000_000][below(10)];
    case 1:
    case 2:
    case 3:
      return randomString(below);
    case 4:
      return Array.from({ length: below(4) }, () => randomValue(below, depth + 1));
    default:
      return Object.fromEntries(
        Array.from({ length: below(4) }, () => [`k${randomString(below)}`, randomValue(below, depth + 1)]),
      );
  }
}

test(`what is written is read back as the same value, in every flavour (seed ${seed})`, () => {
  const below = generator(seed);
  for (let round = 0; round < rounds; round++) {
    const value = randomValue(below, 0);
    for (const text of [encode(value), encode(value, { flavour: "go-yaml-v3" }), encode(value, { keyOrder: "kept" })]) {
      assert.deepEqual(decode(text), value, text);
    }
  }
});
