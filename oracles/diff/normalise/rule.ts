import type { Json, JsonObject } from "../json.ts";
import type { Symbols } from "./symbols.ts";

/** Where a value stands: its key, and the objects around it, the innermost first. */
export interface Place {
  readonly key: string;
  readonly parents: readonly JsonObject[];
}

/** What makes two answers of the same server comparable. Each rule has its own test, named after it. */
export interface Rule {
  readonly name: string;
  readonly why: string;
  /** Sees each object once, before anything is rewritten: learns values that are then known in all texts. */
  readonly learn?: (object: JsonObject, symbols: Symbols) => void;
  /** Another value for a field; undefined leaves it alone. */
  readonly value?: (value: Json, place: Place, symbols: Symbols) => Json | undefined;
  /** Another shape for a whole object, before its fields are looked at. */
  readonly object?: (object: JsonObject, symbols: Symbols) => JsonObject;
  /** Every text: strings in JSON, plain bodies, output of commands. */
  readonly text?: (text: string, symbols: Symbols) => string;
  /** Only the output of commands. */
  readonly output?: (text: string, symbols: Symbols) => string;
}
