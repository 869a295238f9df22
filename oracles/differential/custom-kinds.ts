import type { Case } from "./case.ts";
import { createCase } from "./ask-writes.ts";
import type { Dice } from "./dice.ts";
import type { Surroundings } from "./make-cases.ts";

export function customCase(dice: Dice, number: number, surroundings: Surroundings): Case {
  return createCase(dice, number, surroundings);
}
