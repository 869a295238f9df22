/** A place in a contract where the provider may answer with another value of the same kind. */
export interface Matcher {
  readonly "pact:matcher:type": string;
  readonly value?: unknown;
  readonly regex?: string;
  readonly min?: number;
}

/** The same type as the example, at every depth. */
export function like(example: unknown): Matcher {
  return { "pact:matcher:type": "type", value: example };
}

/** A list with at least one element like the example. */
export function eachLike(example: unknown): Matcher {
  return { "pact:matcher:type": "type", min: 1, value: [example] };
}

export function integer(example: number): Matcher {
  return { "pact:matcher:type": "integer", value: example };
}

/** A text that fits a regular expression of Rust, as the example does. */
export function matching(regex: string, example: string): Matcher {
  return { "pact:matcher:type": "regex", regex, value: example };
}

export function uuid(example = "01900000-0000-7000-8000-000000000001"): Matcher {
  return matching("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", example);
}

export function timestamp(example = "2026-01-02T03:04:05.678Z"): Matcher {
  return matching("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$", example);
}

/** One of a few words; the first is the example. */
export function oneOf(first: string, ...others: readonly string[]): Matcher {
  return matching(`^(${[first, ...others].join("|")})$`, first);
}

/** The example of a value with matchers in it. */
export function exampleOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(exampleOf);
  if (typeof value !== "object" || value === null) return value;
  if ("pact:matcher:type" in value) return exampleOf("value" in value ? value.value : undefined);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, exampleOf(each)]));
}
