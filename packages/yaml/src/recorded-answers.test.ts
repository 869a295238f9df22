import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { YamlError, decode, encode, nodeValue, parseDocuments } from "./index.ts";
import type { EncodeOptions } from "./index.ts";

interface DecodeAnswer {
  name: string;
  input: string;
  json?: string;
  error?: string;
  strictError?: string;
}

interface EncodeAnswer {
  value: string;
  sigs?: string;
  sigsError?: string;
  v3: string | null;
  compact3?: string;
}

function recorded<T>(name: string): T[] {
  return JSON.parse(readFileSync(new URL(`../testdata/${name}.json`, import.meta.url), "utf8")) as T[];
}

/** Where we differ from Go on purpose: a reason, and which answers it covers. */
const decodeDifferences: { reason: string; covers: (answer: DecodeAnswer) => boolean }[] = [
  {
    reason: "a merge that sets a key twice is reported at the merge, not at the merged value in another place",
    covers: ({ input, strictError }) => input.includes("<<") && strictError !== undefined,
  },
];

const encodeDifferences: { reason: string; covers: (value: string) => boolean }[] = [
  {
    reason: "Go reads U+0085 in its own JSON as a line break and writes a space; we keep the character",
    covers: (value) => value.includes("\u0085"),
  },
];

function attempt(work: () => unknown): { value?: unknown; error?: string } {
  try {
    return { value: work() };
  } catch (error) {
    assert.ok(error instanceof YamlError, String(error));
    return { error: error.goMessage };
  }
}

const decodeAnswers = recorded<DecodeAnswer>("decode");
const encodeAnswers = recorded<EncodeAnswer>("encode");

test(`decode agrees with sigs.k8s.io/yaml on ${decodeAnswers.length} recorded texts, values and error sentences`, () => {
  let different = 0;
  for (const answer of decodeAnswers) {
    const { name, input, json, error } = answer;
    const expected = json === undefined ? { error } : { value: JSON.parse(json) as unknown };
    assert.deepEqual(
      attempt(() => decode(input)),
      expected,
      name,
    );
    const expectedStrict = answer.strictError === undefined ? expected : { error: answer.strictError };
    const strict = attempt(() => decode(input, { strict: true }));
    if (decodeDifferences.some(({ covers }) => covers(answer))) {
      different++;
      assert.match(strict.error ?? "", /already set in map/, name);
    } else {
      assert.deepEqual(strict, expectedStrict, name);
    }
  }
  assert.ok(different < 20, `${different} answers are covered by known differences`);
});

test("parseDocuments gives the same values as decode, and a problem where decode throws", () => {
  for (const { name, input, json } of decodeAnswers) {
    const { documents, problems } = parseDocuments(input);
    const [first] = documents;
    if (json === undefined) {
      assert.notEqual(problems.length, 0, name);
    } else if (first !== undefined && problems.every(({ code }) => code === "duplicate-key")) {
      assert.deepEqual(nodeValue(first.root), JSON.parse(json), name);
    }
  }
});

/** JSON's integers as bigint, which is how an int of Go looks here. */
function withIntegers(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown, context?: { source: string }) => {
    const source = context?.source ?? "";
    return /^-?\d+$/.test(source) && BigInt.asIntN(64, BigInt(source)) === BigInt(source) ? BigInt(source) : value;
  });
}

test(`encode writes the bytes of Go for ${encodeAnswers.length} recorded values, in three flavours`, () => {
  for (const { value, sigs, v3, compact3 } of encodeAnswers) {
    if (sigs !== undefined && !encodeDifferences.some(({ covers }) => covers(value))) {
      assert.equal(encode(JSON.parse(value)), sigs, value);
    }
    const wide: EncodeOptions = { flavour: "go-yaml-v3" };
    assert.equal(encode(withIntegers(value), wide), v3, value);
    assert.equal(encode(withIntegers(value), { ...wide, sequences: "compact" }), compact3 ?? v3, value);
  }
});

test("every known difference still has an answer that it covers", () => {
  for (const { reason, covers } of decodeDifferences) {
    assert.ok(decodeAnswers.some(covers), reason);
  }
  for (const { reason, covers } of encodeDifferences) {
    assert.ok(
      encodeAnswers.some(({ value }) => covers(value)),
      reason,
    );
  }
});
