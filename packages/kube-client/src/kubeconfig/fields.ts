import { KubeError } from "../kube-error.ts";

interface Place {
  readonly file: string;
  /** `users[0].user` */
  readonly at: string;
}

/** A mapping of the file that knows where it is, so that what is wrong can be named. */
export interface Fields extends Place {
  readonly has: (key: string) => boolean;
  readonly keys: () => readonly string[];
  readonly value: (key: string) => unknown;
  /** Empty when it is not there. */
  readonly child: (key: string) => Fields;
  /** Of a list of texts. */
  readonly texts: (key: string) => readonly string[];
}

export function requireMap(value: unknown, place: Place): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw problem(place, "", `is ${kindOf(value)}, not a mapping`);
  }
  const get = (key: string): unknown =>
    Object.hasOwn(value, key) ? ((value as Record<string, unknown>)[key] ?? undefined) : undefined;
  return {
    ...place,
    has: (key) => get(key) !== undefined,
    keys: () => Object.keys(value),
    value: get,
    child: (key) => requireMap(get(key) ?? {}, { file: place.file, at: join(place.at, key) }),
    texts: (key) => {
      const list = get(key) ?? [];
      if (!Array.isArray(list) || list.some((each) => typeof each !== "string")) {
        throw problem(place, key, "is not a list of texts");
      }
      return list as string[];
    },
  };
}

/** Undefined when it is empty: nothing of a kubeconfig means something by being empty. */
export function readText(fields: Fields, key: string): string | undefined {
  const value = fields.value(key);
  if (value === undefined || value === "") return undefined;
  if (typeof value !== "string") throw problem(fields, key, `is ${kindOf(value)}, not a text: put it in quotes`);
  return value;
}

export function readFlag(fields: Fields, key: string): boolean {
  const value = fields.value(key) ?? false;
  if (typeof value !== "boolean") throw problem(fields, key, `is ${kindOf(value)}, not true or false`);
  return value;
}

export function readList(fields: Fields, key: string): readonly Fields[] {
  const list = fields.value(key) ?? [];
  if (!Array.isArray(list)) throw problem(fields, key, `is ${kindOf(list)}, not a list`);
  return list.map((item: unknown, index) =>
    requireMap(item, { file: fields.file, at: join(fields.at, `${key}[${index}]`) }),
  );
}

function problem({ file, at }: Place, key: string, text: string): KubeError {
  const where = join(at, key);
  return new KubeError("config-invalid", `${file}: ${where === "" ? "the file" : where} ${text}`);
}

function join(at: string, key: string): string {
  return [at, key].filter((each) => each !== "").join(".");
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  return value === null || value === undefined ? "empty" : `of type ${typeof value}`;
}
