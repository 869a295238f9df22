import { oddNumbers, oddTexts } from "./data/values.ts";
import type { Dice } from "./dice.ts";
import { isMap, valueAt, type Edit, type Steps } from "./edit.ts";
import { plausibleValue } from "./plausible.ts";
import { shapeAt, type Shape } from "./shapes.ts";

const ofAnotherType = [null, "a", 1, true, 1.5, [], {}, [null], { a: 1 }] as const;

/** Kept as they are: a name is that of the case, and a changed kind is refused before anything else is looked at. */
const fixed = new Set(["apiVersion", "kind", "metadata.name", "metadata.generateName"]);

export interface MutationChoice {
  /** Values of other types than the shape's, too, which fail to decode. */
  readonly withTypes: boolean;
  /** Only below this field. */
  readonly below?: string;
}

interface Chance {
  readonly dice: Dice;
  readonly object: unknown;
  readonly shape: Shape;
  readonly choice: MutationChoice;
}

/** One thing of an object made wrong, or only different. */
export function randomEdit(dice: Dice, object: unknown, shape: Shape, choice: MutationChoice): Edit {
  const places = placesOf(object).filter(
    ([first]) => choice.below === undefined || first === undefined || first === choice.below,
  );
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const steps = pickPlace(dice, places);
    const edit = editAt({ dice, object, shape, choice }, steps);
    const isMeant = edit !== undefined && isAllowed(edit, choice);
    if (isMeant) return edit;
  }
  return { set: [choice.below ?? "metadata", ...(choice.below ? [] : ["labels"])], to: { "": "a" } };
}

function isAllowed(edit: Edit, { below }: MutationChoice): boolean {
  const steps = "set" in edit ? edit.set : "remove" in edit ? edit.remove : edit.repeat;
  const name = steps.join(".");
  return steps.length > 0 && !fixed.has(name) && (below === undefined || steps[0] === below);
}

/** What is deep down comes as often as what is at the top: first a top field, then a place below it. */
function pickPlace(dice: Dice, places: readonly Steps[]): Steps {
  const top = dice.pick([...new Set(places.map(([first]) => first))]);
  const metadataIsRare = top === "metadata" && !dice.oneIn(4);
  const below = places.filter(([first]) => (metadataIsRare ? first !== "metadata" : first === top));
  return dice.pick(below) ?? [];
}

function editAt({ dice, object, shape, choice }: Chance, steps: Steps): Edit | undefined {
  const value = valueAt(object, steps);
  const own = shapeAt(shape, steps);
  const name = String(steps.findLast((step) => typeof step === "string") ?? "");
  if (choice.withTypes && dice.oneIn(8)) return { set: steps, to: dice.pick(ofAnotherType) };
  if (choice.withTypes && isMap(value) && dice.oneIn(12))
    return { set: [...steps, "nope"], to: dice.pick(ofAnotherType) };
  if (isMap(value) && own?.type === "object" && !dice.oneIn(5)) return addedField(dice, own, steps);
  if (Array.isArray(value) && own?.items && dice.oneIn(2))
    return { set: [...steps, value.length], to: plausibleValue(dice, own.items(), name, 1) };
  if (typeof steps.at(-1) === "number" && dice.oneIn(4)) return { repeat: steps };
  if (dice.oneIn(4)) return { remove: steps };
  if (typeof value === "string" && dice.oneIn(3)) return { set: steps, to: dice.pick(oddTexts) };
  if (typeof value === "number" && dice.oneIn(3)) return { set: steps, to: dice.pick(oddNumbers) };
  if (Array.isArray(value) && dice.oneIn(3)) return { set: steps, to: [] };
  return own && { set: steps, to: plausibleValue(dice, own, name) };
}

/** A field that is there already comes as often as one that isn't, and those of unions are many. */
function addedField(dice: Dice, shape: Shape, steps: Steps): Edit | undefined {
  const name = dice.pick([...shape.fields.keys()]);
  const field = name === undefined ? undefined : shape.fields.get(name)?.();
  return name === undefined || !field
    ? undefined
    : { set: [...steps, name], to: plausibleValue(dice, field, name, steps.length > 3 ? 1 : 0) };
}

/** Every place of a value, from the top. */
export function placesOf(value: unknown, steps: Steps = []): readonly Steps[] {
  if (Array.isArray(value)) return [steps, ...value.flatMap((each, index) => placesOf(each, [...steps, index]))];
  if (!isMap(value)) return [steps];
  return [steps, ...Object.entries(value).flatMap(([key, each]) => placesOf(each, [...steps, key]))];
}
