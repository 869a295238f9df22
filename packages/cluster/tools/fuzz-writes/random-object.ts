import type { ObjectSchema, Schema, SchemaLibrary } from "../../src/schema/schema.ts";
import type { Dice } from "./dice.ts";

const DEPTH_MAX = 7;
const TEXTS = [
  "",
  "a",
  "A_b",
  "x/y",
  "None",
  "1",
  "-1",
  "10.0.0.1",
  "::1",
  "5%",
  "Always",
  "0 * * * *",
  "a b",
  "😀",
  "__proto__",
];
const NUMBERS = [0, 1, -1, 80, 65_536, 2 ** 31, 2 ** 53, 1.5, -0];
const QUANTITIES = ["0", "1", "-1", "500m", "1Gi", "1e3", "x", 3];
const TIMES = ["2026-01-02T03:04:05Z", "2026-01-02T03:04:05.000006Z", "then", null];
const ODD: readonly unknown[] = [null, true, [], {}, "x", 7, [null], { a: null }];

/** A value that mostly fits the schema, but not always. */
export function randomValue(dice: Dice, library: SchemaLibrary, schema: Schema, depth = 0): unknown {
  if (dice.below(40) === 0) return dice.pick(ODD);
  switch (schema.type) {
    case "object":
      return randomStruct(dice, library, schema, depth);
    case "map":
      return Object.fromEntries(
        Array.from({ length: dice.below(3) }, () => [
          dice.pick(TEXTS),
          randomValue(dice, library, library.resolve(schema.values), depth + 1),
        ]),
      );
    case "list":
      if (depth > DEPTH_MAX) return [];
      return Array.from({ length: dice.below(3) }, () =>
        randomValue(dice, library, library.resolve(schema.items), depth + 1),
      );
    case "boolean":
      return dice.below(2) === 0;
    case "integer":
    case "number":
      return dice.pick(NUMBERS);
    case "string":
      return randomText(dice, schema.format, schema.enum);
    default:
      return dice.pick(ODD);
  }
}

function randomStruct(dice: Dice, library: SchemaLibrary, schema: ObjectSchema, depth: number): unknown {
  const names = Object.keys(schema.fields);
  const share = depth < 2 ? 2 : depth < 5 ? 4 : 9;
  const value: Record<string, unknown> = {};
  for (const name of names) {
    const isWanted = dice.below(share) === 0 || (schema.required?.includes(name) === true && dice.below(4) > 0);
    if (!isWanted || depth > DEPTH_MAX) continue;
    const field = schema.fields[name];
    if (field) value[name] = randomValue(dice, library, library.resolve(field), depth + 1);
  }
  if (dice.below(30) === 0) value["nope"] = dice.pick(ODD);
  return value;
}

function randomText(dice: Dice, format: string | undefined, words: readonly string[] | undefined): unknown {
  if (words && dice.below(4) > 0) return dice.pick(words);
  switch (format) {
    case "quantity":
      return dice.pick(QUANTITIES);
    case "int-or-string":
      return dice.below(2) === 0 ? dice.pick(NUMBERS) : dice.pick(TEXTS);
    case "date-time":
    case "micro-time":
      return dice.pick(TIMES);
    case "byte":
      return Buffer.from(dice.pick(TEXTS)).toString("base64");
    default:
      return dice.pick(TEXTS);
  }
}
