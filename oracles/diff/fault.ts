// What a wrong API server may answer: a right answer, changed in one place.

export interface WireMessage {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A number from 0 to below 1, the same sequence for the same seed. */
export type Random = () => number;

export interface Fault {
  readonly name: string;
  /** undefined where there is nothing that it could change. */
  readonly apply: (message: WireMessage, random: Random) => WireMessage | undefined;
}

export type Json = null | boolean | number | string | readonly Json[] | JsonMap;
export type JsonMap = { readonly [key: string]: Json };

export function isMap(value: unknown): value is JsonMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isList(value: unknown): value is readonly Json[] {
  return Array.isArray(value);
}

/** A change of the body as JSON; `change` gives undefined where there is nothing to change. */
export function ofJson(name: string, change: (body: JsonMap, random: Random) => Json | undefined): Fault {
  return {
    name,
    apply: (message, random) => {
      const body = jsonOf(message.body);
      const changed = isMap(body) ? change(body, random) : undefined;
      return changed === undefined ? undefined : { ...message, body: JSON.stringify(changed) };
    },
  };
}

/** A change of the metadata of an object, or of the first object of a list or of a watch. */
export function ofMetadata(name: string, change: (metadata: JsonMap) => JsonMap | undefined): Fault {
  return ofObject(name, (object) => {
    const metadata = object["metadata"];
    const changed = isMap(metadata) && metadata["name"] !== undefined ? change(metadata) : undefined;
    return changed === undefined ? undefined : { ...object, metadata: changed };
  });
}

export function ofObject(name: string, change: (object: JsonMap, random: Random) => JsonMap | undefined): Fault {
  const inLists = ofJson(name, (body, random) => {
    const items = body["items"];
    if (!isList(items)) return body["kind"] === "Status" ? undefined : change(body, random);
    const [first, ...others] = items;
    const changed = isMap(first) ? change(first, random) : undefined;
    return changed === undefined ? undefined : { ...body, items: [changed, ...others] };
  });
  const inWatches = ofEvents(name, (events, random) => {
    const [first, ...others] = events;
    const object = first?.["object"];
    const changed = isMap(object) ? change(object, random) : undefined;
    return changed === undefined ? undefined : [{ ...first, object: changed }, ...others];
  });
  return {
    name,
    apply: (message, random) => inWatches.apply(message, random) ?? inLists.apply(message, random),
  };
}

/** A change of the body of a refusal. */
export function ofStatus(name: string, change: (status: JsonMap) => JsonMap | undefined): Fault {
  return ofJson(name, (body) => (body["kind"] === "Status" && body["status"] === "Failure" ? change(body) : undefined));
}

/** A change of the events of a watch. */
export function ofEvents(
  name: string,
  change: (events: readonly JsonMap[], random: Random) => readonly JsonMap[] | undefined,
): Fault {
  return {
    name,
    apply: (message, random) => {
      const events = message.body
        .split("\n")
        .filter((line) => line !== "")
        .map(jsonOf);
      if (events.length === 0 || !events.every((event) => isMap(event) && "object" in event && "type" in event)) return;
      const changed = change(events.filter(isMap), random);
      if (changed === undefined) return undefined;
      return { ...message, body: changed.map((event) => `${JSON.stringify(event)}\n`).join("") };
    },
  };
}

export function ofHeaders(
  name: string,
  change: (headers: Readonly<Record<string, string>>) => Readonly<Record<string, string>> | undefined,
): Fault {
  return {
    name,
    apply: (message) => {
      const headers = change(message.headers);
      return headers === undefined ? undefined : { ...message, headers };
    },
  };
}

export function ofCode(name: string, from: number, to: number): Fault {
  return { name, apply: (message) => (message.status === from ? { ...message, status: to } : undefined) };
}

export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export function without(map: JsonMap, key: string): JsonMap | undefined {
  if (!Object.hasOwn(map, key)) return undefined;
  const { [key]: _dropped, ...rest } = map;
  return rest;
}

/** One of the places of a value that `fits`, changed; undefined when there is none. */
export function changedSomewhere(
  root: Json,
  random: Random,
  how: { readonly fits: (value: Json, key: string) => boolean; readonly to: (value: Json) => Json | undefined },
): Json | undefined {
  const places: (readonly (string | number)[])[] = [];
  const visit = (value: Json, key: string, path: readonly (string | number)[]): void => {
    if (path.length > 0 && how.fits(value, key)) places.push(path);
    if (isList(value)) for (const [index, each] of value.entries()) visit(each, key, [...path, index]);
    else if (isMap(value)) for (const [name, each] of Object.entries(value)) visit(each, name, [...path, name]);
  };
  visit(root, "", []);
  const chosen = places[Math.floor(random() * places.length)];
  return chosen === undefined ? undefined : changedAt(root, chosen, how.to);
}

function changedAt(
  value: Json,
  path: readonly (string | number)[],
  to: (value: Json) => Json | undefined,
): Json | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return to(value);
  if (isList(value)) {
    return value.flatMap((each, index) => {
      if (index !== step) return [each];
      const changed = changedAt(each, rest, to);
      return changed === undefined ? [] : [changed];
    });
  }
  if (!isMap(value)) return value;
  const changed = changedAt(value[step] ?? null, rest, to);
  return changed === undefined ? without(value, String(step)) : { ...value, [step]: changed };
}
