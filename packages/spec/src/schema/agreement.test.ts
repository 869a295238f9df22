// An editor and `fairway check` must not contradict each other: the published JSON Schemas, run by another validator, against ours.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, test } from "node:test";
import { compileSchema } from "@fairway/helm";
import { decode, encode } from "@fairway/yaml";
import { checkFiles } from "../check-files.ts";
import type { ProblemCode } from "../problem.ts";
import { jsonSchema, type PublishedKind, publishedKinds } from "./published.ts";

const folder = join(import.meta.dirname, "../../testdata");
const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".yaml"))
  .toSorted();

function kindOf(path: string): PublishedKind {
  return basename(path) === "platform.yaml" ? "platform" : "service";
}

const compiled = new Map(
  publishedKinds.map((kind) => {
    const compilePattern = (source: string) => {
      const expression = new RegExp(source, "u");
      return (text: string) => expression.test(text);
    };
    return [kind, compileSchema(JSON.stringify(jsonSchema(kind)), `file:///${kind}.json`, { compilePattern })];
  }),
);

function schemaComplaint(kind: PublishedKind, value: unknown): string | undefined {
  const check = compiled.get(kind);
  assert.ok(check);
  return check(value);
}

function codesOf(kind: PublishedKind, text: string): ReadonlySet<ProblemCode> {
  const { problems } = checkFiles([{ path: `${kind}.yaml`, bytes: Buffer.from(text) }]);
  return new Set(problems.map((problem) => problem.code));
}

/** What both must see. Lengths of names, calendars and the like are seen by `fairway check` alone. */
const shapes: readonly ProblemCode[] = ["unknown-field", "missing-field", "wrong-type"];
const seenHere: readonly ProblemCode[] = [...shapes, "wrong-value"];

describe("the JSON Schemas agree with the checks", () => {
  for (const path of files) {
    test(`on ${path}`, () => {
      const text = readFileSync(join(folder, path), "utf8");
      assert.equal(schemaComplaint(kindOf(path), decode(text)), undefined);
      assert.ok(seenHere.every((code) => !codesOf(kindOf(path), text).has(code)));
    });
  }

  for (const kind of publishedKinds) {
    test(`on 1,500 mutations of a ${kind} with every field`, (t) => {
      const seed = Number(process.env["FUZZ_SEED"] ?? 20_261_121);
      t.diagnostic(`seed ${seed}`);
      const roll = dice(seed);
      const good = readFileSync(join(folder, `every-field/${kind}.yaml`), "utf8");
      const verdicts = { both: 0, neither: 0 };
      for (let run = 0; run < 1_500; run++) {
        const value = decode(good);
        mutate(value, roll);
        const text = encode(value);
        const codes = codesOf(kind, text);
        const complaint = schemaComplaint(kind, value);
        const where = `run ${run} of seed ${seed}: ${complaint ?? "the schema takes it"}; ${[...codes].join(", ")}\n${text}`;
        if (complaint !== undefined)
          assert.ok(
            seenHere.some((code) => codes.has(code)),
            where,
          );
        else assert.ok(!shapes.some((code) => codes.has(code)), where);
        verdicts[complaint === undefined ? "neither" : "both"]++;
      }
      assert.ok(verdicts.both > 100 && verdicts.neither > 100, JSON.stringify(verdicts));
    });
  }
});

type Dice = (sides: number) => number;

/** A small generator with a known period, so that a failure can be repeated from its seed. */
function dice(seed: number): Dice {
  let state = seed >>> 0;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

const strangers: readonly unknown[] = [
  "",
  "x",
  "Two words",
  0,
  1,
  -1,
  1.5,
  70_000,
  true,
  false,
  [],
  {},
  ["a"],
  [1],
  { a: 1 },
  "5s",
  "512Mi",
  "/a",
  "50%",
  "canary",
  "off",
];

/** Changes, drops or adds one thing anywhere in the tree. */
function mutate(root: unknown, roll: Dice): void {
  const places = placesOf(root);
  const place = places[roll(places.length)];
  if (!place) return;
  const { parent, key } = place;
  const action = roll(4);
  if (action === 0) Reflect.deleteProperty(parent, key);
  else if (action === 1 && !Array.isArray(parent)) Reflect.set(parent, "surprise", strangers[roll(strangers.length)]);
  else Reflect.set(parent, key, strangers[roll(strangers.length)]);
  // A hole in a list is no value that YAML could hold.
  if (Array.isArray(parent) && action === 0) parent.splice(Number(key), 1);
}

interface TreePlace {
  readonly parent: object;
  readonly key: string;
}

function placesOf(node: unknown): readonly TreePlace[] {
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => [{ parent: node, key }, ...placesOf(value)]);
}
