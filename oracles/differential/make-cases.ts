import { customCase } from "./ask-custom.ts";
import { readCase } from "./ask-reads.ts";
import type { Base } from "./bases.ts";
import type { Case } from "./case.ts";
import { deleteCase } from "./ask-deletes.ts";
import { Dice } from "./dice.ts";
import { applyCase, createCase, patchCase, updateCase } from "./ask-writes.ts";

export interface Surroundings {
  readonly bases: readonly Base[];
  /** Wrong types and unknown fields as well. */
  readonly withTypes: boolean;
}

type Maker = (dice: Dice, number: number, surroundings: Surroundings) => Case;

export const makers: Readonly<Record<string, Maker>> = {
  create: createCase,
  update: updateCase,
  patch: patchCase,
  apply: applyCase,
  read: readCase,
  delete: deleteCase,
  custom: customCase,
};

/** The case of a number: always the same, whatever other cases are made. */
export function makeCase(seed: number, number: number, kinds: readonly string[], surroundings: Surroundings): Case {
  const dice = new Dice(seed * 1_000_003 + number);
  const make = makers[kinds[number % kinds.length] ?? ""];
  if (!make) throw new RangeError(`no cases of the kind ${kinds[number % kinds.length]}`);
  return make(dice, number, surroundings);
}
