/** One of the types in an `Accept` header. */
export interface Wish {
  /** `application/json`, or with stars in place of either word. */
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
}

interface Weighed extends Wish {
  readonly weight: number;
}

const none: ReadonlyMap<string, string> = new Map();

/** What a client would like, the dearest first: by `q`, then what is named before what is left open, then as they stand. */
export function wishesOf(accept: string): readonly Wish[] {
  if (!accept.includes(",")) {
    const only = wishOf(accept);
    return only === undefined ? [] : [only];
  }
  return accept
    .split(",")
    .flatMap((text) => wishOf(text) ?? [])
    .sort((left, right) => right.weight - left.weight || openness(left) - openness(right));
}

/** Whether a wish is granted by this type. */
export function isMetBy({ type }: Wish, offered: string): boolean {
  return type === offered || type === "*/*" || (type.endsWith("/*") && offered.startsWith(type.slice(0, -1)));
}

/** Whether whoever sorts requests by their paths lets this one through: that is said in whole words, or by stars for all. */
export function isRoutedTo(accept: string, types: readonly string[]): boolean {
  return accept.split(",").some((wish) => {
    const type = wish.split(";", 1)[0]?.trim() ?? "";
    return type === "*/*" || types.includes(type);
  });
}

function wishOf(text: string): Weighed | undefined {
  const [whole = "", ...rest] = text.split(";");
  const type = whole.trim();
  if (type !== "*" && !/^[^/]+\/[^/]+$/.test(type)) return undefined;
  let weight = 1;
  const parameters = rest.length === 0 ? none : new Map<string, string>();
  for (const part of rest) {
    const [name = "", value = "", ...more] = part.split("=");
    if (value === "" || more.length > 0) continue;
    if (name.trim() === "q") weight = Number.parseFloat(value) || 0;
    else (parameters as Map<string, string>).set(name.trim(), value.trim());
  }
  return { type: type === "*" ? "*/*" : type, parameters, weight };
}

function openness({ type }: Wish): number {
  if (type === "*/*") return 2;
  return type.endsWith("/*") ? 1 : 0;
}
