import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { CelError } from "./cel-error.ts";
import { DYN, INT, listOf, mapOf, STRING } from "./cel-type.ts";
import { createEnvironment } from "./environment.ts";
import { KUBERNETES_LIBRARIES } from "./library/kubernetes.ts";
import { timestampText } from "./library/moments.ts";
import { CelMap, Duration, isList, Opaque, Optional, Timestamp, TypeValue, Uint } from "./value.ts";
import type { Value } from "./value.ts";

/** What the expressions of Kubernetes 1.35 make of each of these, recorded from its own libraries. */
interface Recorded {
  readonly expr: string;
  readonly compileError?: string;
  /** Of a constant part. */
  readonly programError?: string;
  readonly error?: string;
  readonly value?: string;
  readonly cost?: number;
}

const environment = createEnvironment({
  homogeneous: true,
  libraries: KUBERNETES_LIBRARIES,
  variables: { x: DYN, n: INT, s: STRING, l: listOf(INT), ls: listOf(STRING), m: mapOf(STRING, INT) },
});

const variables: Readonly<Record<string, Value>> = {
  x: new CelMap([
    ["a", 1n],
    ["b", ["p", "q"]],
  ]),
  n: 7n,
  s: "hello",
  l: [3n, 1n, 2n],
  ls: ["b", "a"],
  m: new CelMap([
    ["k", 5n],
    ["j", 6n],
  ]),
};

function show(value: Value): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "bigint") return `int:${value}`;
  if (typeof value === "number") return `double:${goDouble(value)}`;
  if (typeof value === "string") return JSON.stringify(value);
  if (value instanceof Uint) return `uint:${value.value}`;
  if (value instanceof Uint8Array) return `bytes:${Buffer.from(value).toString("hex")}`;
  if (value instanceof Duration) return `duration:${value.nanoseconds}`;
  if (value instanceof Timestamp) return `timestamp:${timestampText(value)}`;
  if (value instanceof TypeValue) return `type:${value.type.name}`;
  if (value instanceof Optional) return value.value === undefined ? "none" : `optional:${show(value.value)}`;
  if (value instanceof CelMap) {
    const entries = [...value.entries()].map(([key, item]) => `${show(key)}:${show(item)}`);
    return `{${entries.sort().join(",")}}`;
  }
  if (isList(value)) return `[${value.map(show).join(",")}]`;
  return value instanceof Opaque ? `opaque:${value.typeName}` : "object";
}

function goDouble(value: number): string {
  const text = String(value);
  return text.replace("e+", "e+");
}

const OPAQUE = /^(quantity|url|ip|cidr|semver):|^library\.|^cel\.|Val$/;

function differenceOf(recorded: Recorded): string | undefined {
  let ours: string;
  try {
    const program = environment.compile(recorded.expr);
    const refusal = recorded.compileError ?? recorded.programError;
    if (refusal !== undefined) return `compiles, but should say\n      ${refusal}`;
    const { value, cost } = program.evaluate(variables);
    if (recorded.error !== undefined) return `is ${show(value)}, but should say ${recorded.error}`;
    if (recorded.value !== undefined && !OPAQUE.test(recorded.value) && show(value) !== recorded.value) {
      return `is ${show(value)}, but should be ${recorded.value}`;
    }
    return cost === recorded.cost ? undefined : `costs ${cost}, but should cost ${recorded.cost}`;
  } catch (error) {
    if (!(error instanceof CelError)) throw error;
    ours = error.message;
  }
  const theirs = recorded.compileError ?? recorded.programError ?? recorded.error;
  return ours === theirs ? undefined : `says\n      ${ours}\n    but should say\n      ${theirs ?? recorded.value}`;
}

const recorded = readFileSync(new URL("testdata/kubernetes.jsonl", import.meta.url), "utf8")
  .split("\n")
  .filter((line) => line !== "")
  .map((line) => JSON.parse(line) as Recorded);

/** Differences that are known, each with its reason. */
const KNOWN: Readonly<Record<string, string>> = {};

test("expressions have the values, errors and costs that they have in Kubernetes", () => {
  const failures = recorded.flatMap((item) => {
    const difference = differenceOf(item);
    if (KNOWN[item.expr] !== undefined)
      return difference === undefined ? [`${item.expr}: is as recorded now; take it off the list`] : [];
    return difference === undefined ? [] : [`${item.expr}\n    ${difference}`];
  });
  assert.equal(failures.length, 0, `${failures.length} of ${recorded.length} differ:\n${failures.join("\n")}`);
});

test("a fold over a long list ends at its cost, and what it makes grows in place", () => {
  const long = Array.from({ length: 300_000 }, (_, index) => BigInt(index));
  const result = environment.compile("l.map(i, i).size()").attempt({ l: long });
  assert.ok("error" in result);
  assert.equal(result.error.code, "cost");
  const nested = environment.compile("l.map(i, l.map(j, i + j).size()) + [9]");
  assert.deepEqual(nested.evaluate({ l: [1n, 2n] }).value, [2n, 2n, 9n]);
});
