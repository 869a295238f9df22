import type { Random } from "./random.ts";

type Schema = Readonly<Record<string, unknown>>;

const depthMax = 5;

/** Texts that fit the patterns that services tend to have. */
const candidates = [
  "EUR",
  "DE",
  "deck",
  '"1"',
  "1",
  "a",
  "customer",
  "+49 30 1234",
  "0123456789abcdef",
  "01900000-0000-7000-8000-000000000001",
  "sha256=00",
] as const;

/** A value that a schema takes, as good as it can be made from what JSON Schema says. */
export function goodValue(schema: unknown, random: Random, depth = 0): unknown {
  const { type, const: only, enum: choices, anyOf, default: usual, examples } = asSchema(schema);
  if (only !== undefined) return only;
  if (isFilled(examples)) return random.pick(examples);
  if (isFilled(choices)) return random.pick(choices);
  if (isFilled(anyOf)) return goodValue(random.pick(anyOf), random, depth);
  if (usual !== undefined && random.chance(0.3)) return usual;
  switch (type) {
    case "object":
      return goodObject(asSchema(schema), random, depth);
    case "array":
      return goodArray(asSchema(schema), random, depth);
    case "string":
      return goodText(asSchema(schema), random);
    case "integer":
    case "number":
      return goodNumber(asSchema(schema), random);
    case "boolean":
      return random.chance(0.5);
    case "null":
      return null;
    default:
      return random.pick<unknown>(["anything", 1, true, {}]);
  }
}

function goodObject(schema: Schema, random: Random, depth: number): unknown {
  const required = Array.isArray(schema["required"]) ? schema["required"] : [];
  const made: Record<string, unknown> = {};
  for (const [name, property] of Object.entries(asSchema(schema["properties"]))) {
    const wanted = required.includes(name) || (depth < depthMax && random.chance(0.5));
    if (wanted) made[name] = goodValue(property, random, depth + 1);
  }
  return made;
}

function goodArray(schema: Schema, random: Random, depth: number): unknown {
  const least = numberOf(schema["minItems"], 0);
  const most = Math.min(numberOf(schema["maxItems"], least + 3), least + 3);
  const count = depth >= depthMax ? least : least + random.below(most - least + 1);
  const items = Array.from({ length: count }, () => goodValue(schema["items"] ?? {}, random, depth + 1));
  return schema["uniqueItems"] === true
    ? [...new Map(items.map((each) => [JSON.stringify(each), each])).values()]
    : items;
}

function goodText(schema: Schema, random: Random): string {
  const { format, pattern } = schema;
  if (format === "uuid") return `01900000-0000-7000-8000-0000000000${random.pick(["01", "02", "aa", "ff"])}`;
  if (format === "email") return `fuzz${random.below(1_000_000)}@example.com`;
  if (format === "date-time") return new Date(1.7e12 + random.below(1e9)).toISOString();
  if (format === "url" || format === "uri") return "https://example.com/x";
  if (typeof pattern === "string") {
    const fitting = candidates.filter((each) => new RegExp(pattern).test(each));
    return fitting[random.below(fitting.length)] ?? "no candidate fits";
  }
  const least = numberOf(schema["minLength"], 0);
  const most = Math.min(numberOf(schema["maxLength"], least + 20), least + 20);
  const letters = "abcdefghij KLMNOP-éß漢";
  const length = least + random.below(most - least + 1);
  return Array.from({ length }, () => letters.charAt(random.below(letters.length))).join("");
}

function goodNumber(schema: Schema, random: Random): number {
  const least = numberOf(schema["minimum"], 0);
  const most = Math.min(numberOf(schema["maximum"], least + 100), least + 100);
  return least + random.below(most - least + 1);
}

/** Values that programs stumble over. */
const stones = [
  null,
  true,
  0,
  -1,
  1.5,
  2 ** 31,
  2 ** 53,
  -(2 ** 63),
  1e308,
  "",
  " ",
  "0",
  "null",
  "\u0000",
  "\ud800",
  "' OR 1=1 --",
  "%s%n",
  "../../etc/passwd",
  "<script>alert(1)</script>",
  "${7*7}",
  "\u202etxt",
  "x".repeat(10_000),
  "é".repeat(300),
  [],
  {},
  [[]],
  [null],
  "9999-99-99T99:99:99Z",
  "00000000-0000-0000-0000-000000000000",
] as const;

/** A good value with something wrong at a random place: another value, a missing field, one too many. */
export function spoiled(value: unknown, random: Random): unknown {
  if (Array.isArray(value) && value.length > 0 && random.chance(0.6)) {
    const at = random.below(value.length);
    if (random.chance(0.2)) return Array.from({ length: 500 }, () => value[at]);
    return value.map((each, index) => (index === at ? spoiled(each, random) : each));
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value) && random.chance(0.85)) {
    return spoiledObject(Object.entries(value), random);
  }
  return random.pick(stones);
}

function spoiledObject(entries: readonly (readonly [string, unknown])[], random: Random): unknown {
  const at = random.below(entries.length + 1);
  if (at === entries.length) {
    const name = random.pick(["__proto__", "constructor", "extra", "", "toString"]);
    return Object.defineProperty(Object.fromEntries(entries), name, { value: random.pick(stones), enumerable: true });
  }
  if (random.chance(0.25)) return Object.fromEntries(entries.filter((_, index) => index !== at));
  return Object.fromEntries(entries.map(([name, each], index) => [name, index === at ? spoiled(each, random) : each]));
}

function asSchema(schema: unknown): Schema {
  return typeof schema === "object" && schema !== null ? { ...schema } : {};
}

function numberOf(value: unknown, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}

function isFilled(value: unknown): value is readonly [unknown, ...unknown[]] {
  return Array.isArray(value) && value.length > 0;
}
