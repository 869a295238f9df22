import { anyRules, oddFormats, patterns, rulesOf } from "./data/custom.ts";
import type { Dice } from "./dice.ts";
import type { JsonMap } from "./edit.ts";

const types = ["object", "array", "string", "integer", "number", "boolean", "int-or-string", "map", "any"] as const;
const scalars = ["string", "integer", "number", "boolean", "int-or-string"] as const;
export const fieldNames = ["a", "b", "c", "d", "x-y", "kind", "namespace"] as const;

/** The schema of an object with a few fields, structural, and mostly one that Kubernetes takes. */
export function randomSchema(dice: Dice, depth = 0): JsonMap {
  const type = depth === 0 ? "object" : dice.pick(depth > 2 ? scalars : types);
  const schema = {
    ...ofType(dice, type, depth),
    ...(dice.oneIn(8) && { nullable: true }),
    ...(dice.oneIn(6) && { "x-kubernetes-validations": [randomRule(dice, type)] }),
    ...(dice.oneIn(12) && { description: "what it is" }),
  };
  return dice.oneIn(9) ? { ...schema, ...logic(dice, schema) } : schema;
}

function ofType(dice: Dice, type: (typeof types)[number], depth: number): JsonMap {
  switch (type) {
    case "object":
      return objectSchema(dice, depth);
    case "map":
      return {
        type: "object",
        additionalProperties: dice.oneIn(8) ? true : randomSchema(dice, depth + 1),
        ...some(dice, { minProperties: dice.below(3), maxProperties: 1 + dice.below(3) }),
      };
    case "array":
      return listSchema(dice, depth);
    case "any":
      return { "x-kubernetes-preserve-unknown-fields": true, ...(dice.oneIn(2) && { type: "object" }) };
    case "int-or-string":
      return { "x-kubernetes-int-or-string": true, ...some(dice, { maximum: 5, maxLength: 3 }) };
    case "string":
      return { type, ...textRules(dice), ...withDefault(dice, ["a", "", "b-1", 1, null]) };
    case "boolean":
      return { type, ...withDefault(dice, [true, false, "true"]) };
    default:
      return { type, ...numberRules(dice, type), ...withDefault(dice, [0, 1, 7, -3, 1.5, "1"]) };
  }
}

function objectSchema(dice: Dice, depth: number): JsonMap {
  const names = fieldNames.filter(() => dice.oneIn(depth === 0 ? 2 : 3));
  const properties = Object.fromEntries(names.map((name) => [name, randomSchema(dice, depth + 1)]));
  return {
    type: "object",
    ...(names.length > 0 && { properties }),
    ...(names.length > 0 && dice.oneIn(3) && { required: names.filter(() => dice.oneIn(2)) }),
    ...some(dice, { maxProperties: 1 + dice.below(4), minProperties: dice.below(2) }),
    ...(dice.oneIn(8) && { "x-kubernetes-preserve-unknown-fields": true }),
    ...(dice.oneIn(8) && { "x-kubernetes-map-type": dice.pick(["atomic", "granular"]) }),
    ...(dice.oneIn(20) && { "x-kubernetes-embedded-resource": true }),
    ...(dice.oneIn(10) && { default: dice.pick([{}, { a: 1 }, { b: "a" }]) }),
  };
}

function listSchema(dice: Dice, depth: number): JsonMap {
  const bounds = some(dice, { minItems: dice.below(3), maxItems: 1 + dice.below(4) });
  if (dice.oneIn(4)) return { type: "array", ...bounds, items: randomSchema(dice, 3), "x-kubernetes-list-type": "set" };
  if (dice.oneIn(3)) return { type: "array", ...bounds, ...listMap(dice, depth) };
  const items = randomSchema(dice, depth + 1);
  return { type: "array", ...bounds, items, ...(dice.oneIn(4) && { "x-kubernetes-list-type": "atomic" }) };
}

function listMap(dice: Dice, depth: number): JsonMap {
  const key = dice.oneIn(3) ? { type: "string", default: "a" } : { type: "string" };
  const others = objectSchema(dice, Math.max(depth, 2))["properties"] ?? {};
  return {
    items: {
      type: "object",
      properties: { ...(others as JsonMap), key, port: { type: "integer" } },
      required: dice.oneIn(2) ? ["key", "port"] : ["key"],
    },
    "x-kubernetes-list-type": "map",
    "x-kubernetes-list-map-keys": dice.oneIn(3) ? ["key", "port"] : ["key"],
  };
}

function textRules(dice: Dice): JsonMap {
  return some(dice, {
    minLength: dice.below(3),
    maxLength: dice.below(5),
    pattern: dice.pick(patterns),
    enum: dice.pick([
      ["a", "b"],
      ["a", "b-1", ""],
      ["a", 1],
      ["a", null],
    ]),
    format: dice.pick(oddFormats),
  });
}

function numberRules(dice: Dice, type: "integer" | "number"): JsonMap {
  return some(dice, {
    minimum: dice.pick([0, 1, -2, 1.5]),
    maximum: dice.pick([5, 10, 2.5]),
    exclusiveMinimum: true,
    exclusiveMaximum: true,
    multipleOf: dice.pick([2, 3, 0.5]),
    enum: [1, 2, 3],
    format: dice.pick(type === "integer" ? ["int32", "int64"] : ["float", "double", "int32"]),
  });
}

/** What has to hold besides, in the four ways of saying so. */
function logic(dice: Dice, schema: JsonMap): JsonMap {
  const own = Object.keys((schema["properties"] ?? {}) as JsonMap);
  const parts: readonly JsonMap[] = [
    { required: [dice.pick(own) ?? "a"] },
    { minimum: 2 },
    { maxLength: 2 },
    { pattern: "^a" },
    { minItems: 1 },
    { enum: ["a", 1] },
    ...(own.length > 0 ? [{ properties: { [dice.pick(own) ?? "a"]: { minimum: 3 } } }] : []),
    ...(dice.oneIn(6) ? [{ type: "string" }] : []),
  ];
  const part = (): JsonMap => dice.pick(parts) ?? {};
  const word = dice.pick(["anyOf", "oneOf", "allOf", "not"]);
  return { [word]: word === "not" ? part() : [part(), part()] };
}

function randomRule(dice: Dice, type: (typeof types)[number]): JsonMap {
  return {
    rule: dice.pick((dice.oneIn(12) ? undefined : rulesOf[type]) ?? anyRules),
    ...(dice.oneIn(2) && { message: dice.pick(["that is not good", "no"]) }),
    ...(dice.oneIn(8) && { messageExpression: dice.pick(["'found ' + string(1)", "'a' + 'b'", "1", "'a"]) }),
    ...(dice.oneIn(6) && {
      reason: dice.pick(["FieldValueRequired", "FieldValueForbidden", "FieldValueInvalid", "Odd"]),
    }),
    ...(dice.oneIn(6) && { fieldPath: dice.pick([".a", ".b", ".nope", "a", ".c[0]"]) }),
    ...(dice.oneIn(10) && { optionalOldSelf: true }),
  };
}

function withDefault(dice: Dice, values: readonly unknown[]): JsonMap {
  return dice.oneIn(6) ? { default: dice.pick(values) } : {};
}

function some(dice: Dice, rules: JsonMap): JsonMap {
  return Object.fromEntries(Object.entries(rules).filter(() => dice.oneIn(5)));
}
