// The functions of a set, by name; the built-in ones need not be in it.
import type { GoFunction } from "./go-function.ts";

const functionName = /^[\p{L}_][\p{L}\p{Nd}_]*$/u;

export class FunctionTable {
  readonly #functions: ReadonlyMap<string, GoFunction>;

  constructor(functions: Readonly<Record<string, GoFunction>> | ReadonlyMap<string, GoFunction>) {
    const entries = functions instanceof Map ? functions : new Map(Object.entries(functions));
    for (const name of entries.keys()) {
      if (!functionName.test(name)) throw new TypeError(`function name "${name}" is not a valid identifier`);
    }
    this.#functions = entries;
  }

  get(name: string): GoFunction | undefined {
    return this.#functions.get(name);
  }

  has(name: string): boolean {
    return this.#functions.has(name);
  }

  names(): string[] {
    return [...this.#functions.keys()];
  }

  /** A table with more functions; those of the same name replace ours. */
  with(functions: Readonly<Record<string, GoFunction>>): FunctionTable {
    return new FunctionTable(new Map([...this.#functions, ...Object.entries(functions)]));
  }
}
