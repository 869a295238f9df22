import { oddNumbers, oddTexts, quantities, textsOfFields, times } from "./data/values.ts";
import type { Dice } from "./dice.ts";
import { generatedDepthMax } from "./limits.ts";
import type { Shape } from "./shapes.ts";

/** A value that fits the shape and may mean something, but need not. `name` is that of its field, which says what texts are. */
export function plausibleValue(dice: Dice, shape: Shape, name: string, depth = 0): unknown {
  switch (shape.type) {
    case "object":
      return plausibleObject(dice, shape, depth);
    case "map": {
      const values = shape.items;
      const keys = Array.from({ length: 1 + dice.below(2) }, () => dice.pick(dice.oneIn(3) ? oddTexts : keysOf(name)));
      return Object.fromEntries(
        keys.map((key) => [key, values ? plausibleValue(dice, values(), name, depth + 1) : {}]),
      );
    }
    case "array": {
      const { items } = shape;
      if (!items || depth > generatedDepthMax) return [];
      const count = dice.oneIn(8) ? 0 : dice.oneIn(3) ? 2 : 1;
      return Array.from({ length: count }, () => plausibleValue(dice, items(), name, depth + 1));
    }
    case "boolean":
      return dice.oneIn(2);
    case "integer":
    case "number":
      return dice.pick(oddNumbers);
    case "string":
      return plausibleText(dice, shape, name);
    case "any":
      return dice.pick([{}, { a: "b" }, { apiVersion: "v1", kind: "A" }, "a", 1]);
  }
}

function plausibleObject(dice: Dice, shape: Shape, depth: number): unknown {
  const share = depth === 0 ? 3 : depth < 3 ? 4 : 6;
  const entries: [string, unknown][] = [];
  for (const [name, field] of shape.fields) {
    const isWanted = shape.required.has(name) ? !dice.oneIn(12) : dice.oneIn(Math.max(share, shape.fields.size / 3));
    if (isWanted && depth < generatedDepthMax) entries.push([name, plausibleValue(dice, field(), name, depth + 1)]);
  }
  return Object.fromEntries(entries);
}

function plausibleText(dice: Dice, { format, words }: Shape, name: string): unknown {
  const [first, ...others] = words;
  if (first !== undefined && !dice.oneIn(5)) return dice.pick([first, ...others]);
  if (format === "quantity") return dice.pick(quantities);
  if (format === "date-time") return dice.pick(times);
  if (format === "int-or-string") return dice.oneIn(2) ? dice.pick(oddNumbers) : dice.pick(oddTexts);
  if (format === "byte") return Buffer.from(dice.pick(oddTexts)).toString("base64");
  const [known, ...more] = textsOfFields[name] ?? [];
  return known === undefined || dice.oneIn(4) ? dice.pick(oddTexts) : dice.pick([known, ...more]);
}

function keysOf(name: string): readonly [string, ...string[]] {
  const resources = ["cpu", "memory", "example.com/a", "pods", "hugepages-2Mi", "requests.cpu", "storage"] as const;
  const isOfResources = [
    "limits",
    "requests",
    "hard",
    "capacity",
    "allocatable",
    "max",
    "min",
    "default",
    "used",
  ].includes(name);
  return isOfResources ? resources : ["a", "b", "example.com/a", "kubernetes.io/a"];
}
