// Variables get their slots while compiling, so that running needs no look-up by name.

export interface Variable {
  readonly name: string;
  readonly slot: number;
  /** Variables of a range: the slot that holds the element type of what is ranged over. */
  readonly typeSlot: number | undefined;
}

export class Scope {
  readonly #variables: Variable[] = [{ name: "$", slot: 0, typeSlot: undefined }];
  #slots = 1;

  get mark(): number {
    return this.#variables.length;
  }

  reset(mark: number): void {
    this.#variables.length = mark;
  }

  declare(name: string, isElement = false): Variable {
    const slot = this.#slots++;
    const variable = { name, slot, typeSlot: isElement ? this.#slots++ : undefined };
    this.#variables.push(variable);
    return variable;
  }

  find(name: string): Variable | undefined {
    return this.#variables.findLast((variable) => variable.name === name);
  }
}
