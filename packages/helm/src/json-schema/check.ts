import { limits } from "../limits.ts";
import type { Failure } from "./failure.ts";
import type { Schema } from "./schema.ts";
import { SchemaError } from "./schema-error.ts";
import { Unevaluated } from "./unevaluated.ts";

/** The schemas that are being applied, innermost first. `value` changes when the check goes into a value. */
export interface Scope {
  readonly schema: Schema;
  readonly value: number;
  readonly depth: number;
  readonly parent: Scope | undefined;
}

/** The check of one value against one schema. */
export class Check {
  readonly schema: Schema;
  readonly value: unknown;
  readonly path: readonly string[];
  readonly scope: Scope;
  readonly unevaluated: Unevaluated;
  readonly failures: Failure[] = [];
  readonly #run: CheckRun;

  constructor(run: CheckRun, place: CheckPlace) {
    this.#run = run;
    this.schema = place.scope.schema;
    this.value = place.value;
    this.path = place.path;
    this.scope = place.scope;
    this.unevaluated = new Unevaluated(place.value, place.scope.schema, place.needsUnevaluated);
  }

  fail(text: string, causes: readonly Failure[] = []): void {
    this.failures.push({ kind: "leaf", path: this.path, text, causes });
  }

  add(failure: Failure | undefined): void {
    if (failure !== undefined) this.failures.push(failure);
  }

  /** Checks the same value against another schema. */
  self(schema: Schema): Failure | undefined {
    const inner = this.#run.start({
      value: this.value,
      path: this.path,
      scope: this.#scope(schema, this.scope.value),
      needsUnevaluated: !this.unevaluated.empty,
    });
    const failure = this.#run.apply(inner);
    if (failure === undefined) this.unevaluated.keepOnly(inner.unevaluated);
    return failure;
  }

  /** Checks a property or an item. */
  inner(schema: Schema, value: unknown, token: string): Failure | undefined {
    return this.#run.apply(
      this.#run.start({
        value,
        path: [...this.path, token],
        scope: this.#scope(schema, this.scope.value + 1),
        needsUnevaluated: false,
      }),
    );
  }

  /** Checks a value of its own, as the name of a property. */
  apart(schema: Schema, value: unknown): Failure | undefined {
    return this.#run.apply(
      this.#run.start({
        value,
        path: [],
        scope: { schema, value: 0, depth: this.scope.depth + 1, parent: undefined },
        needsUnevaluated: false,
      }),
    );
  }

  #scope(schema: Schema, value: number): Scope {
    return { schema, value, depth: this.scope.depth + 1, parent: this.scope };
  }
}

export interface CheckPlace {
  readonly value: unknown;
  readonly path: readonly string[];
  readonly scope: Scope;
  readonly needsUnevaluated: boolean;
}

/** All checks of one value against one root schema, with a bound for them together. */
export class CheckRun {
  readonly apply: (check: Check) => Failure | undefined;
  #steps = 0;

  constructor(apply: (check: Check) => Failure | undefined) {
    this.apply = apply;
  }

  start(place: CheckPlace): Check {
    this.#steps++;
    if (this.#steps > limits.schemaStepsMax || place.scope.depth > limits.schemaDepthMax) {
      throw new SchemaError(
        "too-complex",
        `the check was stopped after ${this.#steps} steps at depth ${place.scope.depth}: the schema refers to itself too often`,
      );
    }
    return new Check(this, place);
  }
}
