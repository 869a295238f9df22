import { Type } from "typebox";
import { Compile } from "typebox/compile";
import type { Static, TSchema } from "typebox";

/** The builder of schemas: one declaration is the type, the check and the documentation. */
export const t = Type;

export type { Static, TSchema };

/** The reply of a route that has nothing to say. */
export const noBody = t.Undefined();

/** A body that is not JSON: a page, a picture, a text. */
export function raw(mediaType: string): ReturnType<typeof rawSchema> {
  return rawSchema(mediaType);
}

function rawSchema(mediaType: string) {
  return t.Unsafe<string | Uint8Array>({ type: "string", contentMediaType: mediaType });
}

/** What is wrong with a value, and where (a JSON pointer). */
export interface SchemaProblem {
  readonly pointer: string;
  readonly detail: string;
}

export interface Check<T> {
  matches(value: unknown): value is T;
  problems(value: unknown): readonly SchemaProblem[];
}

const problemsMax = 20;

/** Compiled once, checked for every request. */
export function compile<S extends TSchema>(schema: S): Check<Static<S>> {
  const validator = Compile(schema);
  return {
    matches: (value): value is Static<S> => validator.Check(value),
    problems: (value) => {
      const found = validator.Errors(value).filter((each) => each.keyword !== "boolean");
      return found.slice(0, problemsMax).map((each) => ({
        pointer: each.instancePath,
        detail: detailOf(each),
      }));
    },
  };
}

function detailOf(error: { keyword: string; message: string; params: object }): string {
  const params: { readonly [name: string]: unknown } = { ...error.params };
  const names = params["additionalProperties"] ?? params["requiredProperties"] ?? params["allowedValues"];
  return Array.isArray(names) ? `${error.message}: ${names.slice(0, problemsMax).join(", ")}` : error.message;
}
