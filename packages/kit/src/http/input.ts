import { coercion, typeOf } from "../config/coerce.ts";
import { compile } from "../schema.ts";
import { problem } from "./problem.ts";
import { propertiesOf } from "./route.ts";
import type { Check, TSchema } from "../schema.ts";

/** Where a value came from, as the problem names it. */
export type InputPlace = "path" | "query" | "header" | "body";

export type TextValues = Iterable<readonly [string, string]>;

/** Makes values of text and checks them against a schema. */
export interface InputReader {
  readonly schema: TSchema;
  read(value: unknown): unknown;
  readText(values: TextValues): unknown;
}

export function inputReader(place: InputPlace, schema: TSchema | undefined): InputReader | undefined {
  if (!schema) return undefined;
  const check = compile(schema);
  const properties = Object.entries(propertiesOf(schema));
  const readers = new Map(properties.map(([name, each]) => [name, textReader(each)]));
  const defaults = properties.flatMap(([name, each]): [string, unknown][] =>
    "default" in each ? [[name, each.default]] : [],
  );
  const read = (value: unknown): unknown => {
    if (!check.matches(value)) throw inputProblem(place, check, value);
    return value;
  };
  return { schema, read, readText: (values) => read(withDefaults(defaults, collect(readers, values))) };
}

interface TextReader {
  readonly isList: boolean;
  read(text: string): unknown;
}

function textReader(property: TSchema): TextReader {
  if (typeOf(property) !== "array") return { isList: false, read: coercion(property) };
  const readItem = coercion("items" in property ? (property.items as TSchema) : {});
  return { isList: true, read: (text) => text.split(",").map((each) => readItem(each)) };
}

function collect(readers: ReadonlyMap<string, TextReader>, values: TextValues): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const [name, text] of values) {
    // Assigning to it would not make a property of that name.
    if (name === "__proto__") Object.defineProperty(found, name, { value: text, enumerable: true, writable: true });
    const reader = readers.get(name);
    const value = reader ? reader.read(text) : text;
    if (!Object.hasOwn(found, name)) found[name] = value;
    else if (reader?.isList) found[name] = [found[name], value].flat();
    else found[name] = [found[name], text];
  }
  return found;
}

function withDefaults(defaults: readonly [string, unknown][], found: Record<string, unknown>): unknown {
  for (const [name, value] of defaults) if (!Object.hasOwn(found, name)) found[name] = value;
  return found;
}

function inputProblem(place: InputPlace, check: Check<unknown>, value: unknown): Error {
  const errors = check.problems(value).map((each) => ({ in: place, ...each }));
  const first = errors[0];
  const where = first && first.pointer !== "" ? `${place} at ${first.pointer}` : `the ${place}`;
  const detail = first ? `${where}: ${first.detail}` : `the ${place} is not as the route wants it`;
  return problem(400, { type: "/problems/invalid-request", title: "Invalid request", detail, extensions: { errors } });
}
