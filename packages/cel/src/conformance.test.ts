import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { CelError } from "./cel-error.ts";
import { sameType, typeText } from "./cel-type.ts";
import { createEnvironment } from "./environment.ts";
import { OPTIONALS } from "./library/optionals.ts";
import { BINDINGS, SETS, TWO_VARIABLE_COMPREHENSIONS } from "./library/sets.ts";
import { TEXTS } from "./library/texts.ts";
import { readDuration, readTimestamp } from "./library/moments.ts";
import { readType } from "./signature.ts";
import { CelMap, CelObject, Duration, isList, Opaque, Optional, Timestamp, TypeValue, Uint } from "./value.ts";
import type { Value } from "./value.ts";

/** What the conformance suite of the language expects, in a form of our own. */
interface Case {
  readonly group: string;
  readonly expr: string;
  readonly container?: string;
  readonly unchecked?: true;
  readonly checkOnly?: true;
  readonly variables?: Readonly<Record<string, string>>;
  readonly bindings?: Readonly<Record<string, Tagged>>;
  readonly error?: true;
  readonly value?: Tagged;
  readonly type?: string;
}

type Tagged = Readonly<Record<string, unknown>>;

const READERS: Readonly<Record<string, (content: never) => Value>> = {
  null: () => null,
  bool: (content: boolean) => content,
  int: (content: string) => BigInt(content),
  uint: (content: string) => new Uint(BigInt(content)),
  double: (content: string) => Number(content),
  string: (content: string) => content,
  bytes: (content: string) => new Uint8Array(Buffer.from(content, "base64")),
  type: (content: string) => new TypeValue({ kind: "struct", name: content, params: [] }),
  list: (content: Tagged[]) => content.map(read),
  map: (content: [Tagged, Tagged][]) => new CelMap(content.map(([key, value]) => [read(key), read(value)])),
  timestamp: (content: string) => new Timestamp(readTimestamp(content) ?? 0n),
  duration: (content: string) => new Duration(readDuration(content) ?? 0n),
};

function read(tagged: Tagged): Value {
  const [[tag = "", content] = []] = Object.entries(tagged);
  const reader = READERS[tag];
  assert.ok(reader !== undefined, tag);
  return reader(content as never);
}

/** Strictly: the same type as well. */
function show(value: Value): unknown {
  if (value instanceof Uint) return { uint: String(value.value) };
  if (typeof value === "bigint") return { int: String(value) };
  if (typeof value === "number")
    return { double: Number.isNaN(value) ? "NaN" : Object.is(value, -0) ? "0" : String(value) };
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString("hex") };
  if (value instanceof TypeValue) return { type: value.type.name };
  if (value instanceof Timestamp) return { timestamp: String(value.nanoseconds) };
  if (value instanceof Duration) return { duration: String(value.nanoseconds) };
  if (value instanceof CelMap)
    return { map: [...value.entries()].map(([key, item]) => [show(key), show(item)]).sort(byText) };
  if (value instanceof Optional) return { optional: value.value === undefined ? "none" : show(value.value) };
  if (value instanceof Opaque || value instanceof CelObject) return { opaque: value.typeName };
  return isList(value) ? value.map(show) : value;
}

function byText(left: unknown, right: unknown): number {
  return JSON.stringify(left) < JSON.stringify(right) ? -1 : 1;
}

function run(item: Case): void {
  const variables = Object.fromEntries(
    Object.entries(item.variables ?? {}).map(([name, type]) => [name, readType(type)]),
  );
  const bound = Object.fromEntries(Object.entries(item.bindings ?? {}).map(([name, value]) => [name, read(value)]));
  const environment = createEnvironment({
    variables,
    container: item.container ?? "",
    libraries: [OPTIONALS, TEXTS, SETS, TWO_VARIABLE_COMPREHENSIONS, BINDINGS],
  });
  if (item.error === true) {
    assert.throws(() => {
      const program =
        item.unchecked === true ? environment.compileUnchecked(item.expr) : environment.compile(item.expr);
      const { value } = program.evaluate(bound);
      throw new Error(`no error but ${JSON.stringify(show(value))}`);
    }, CelError);
    return;
  }
  const program = item.unchecked === true ? environment.compileUnchecked(item.expr) : environment.compile(item.expr);
  if (item.type !== undefined)
    assert.ok(sameType(program.type, readType(item.type)), `${typeText(program.type)} is not ${item.type}`);
  if (item.checkOnly === true || item.value === undefined) return;
  const { value } = program.evaluate(bound, { costMax: Number.POSITIVE_INFINITY });
  assert.deepEqual(show(value), show(read(item.value)));
}

/** Differences that are known, each with its reason. */
const KNOWN: Readonly<Record<string, string>> = {
  "[optional.of(1), null][0]": "cel-go, and Kubernetes with it, takes the type of the null",
};

const cases = readFileSync(new URL("testdata/conformance.jsonl", import.meta.url), "utf8")
  .split("\n")
  .filter((line) => line !== "")
  .map((line) => JSON.parse(line) as Case);

test("expressions have the values and errors that the language's conformance suite expects", () => {
  const failures: string[] = [];
  for (const item of cases) {
    try {
      run(item);
      if (KNOWN[item.expr] !== undefined) failures.push(`${item.expr}: passes now, take it off the list`);
    } catch (error) {
      if (KNOWN[item.expr] === undefined)
        failures.push(`${item.group}: ${item.expr}\n    ${String(error).slice(0, 300)}`);
    }
  }
  assert.equal(failures.length, 0, `${failures.length} of ${cases.length} fail:\n${failures.join("\n")}`);
});
