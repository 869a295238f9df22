// What varies from cluster to cluster by its nature is replaced; what is left has to be the same.
import { isIP } from "node:net";
import type { Named } from "./match.ts";

export interface Surroundings {
  readonly nodes: readonly string[];
  /** What the names of the images begin with. */
  readonly registry: string;
  readonly named: readonly Named[];
}

export interface Replacements {
  /** Text that is replaced wherever it stands. The longest first: names begin with others. */
  readonly parts: readonly (readonly [text: string, by: string])[];
  /** Text that is replaced when it stands alone. */
  readonly whole: ReadonlyMap<string, string>;
}

/** Uids, names that nobody chose, nodes and the registry. */
export function replacementsFor({ nodes, registry, named }: Surroundings): Replacements {
  const found = new Map<string, string>();
  for (const { name, object } of named) {
    const { name: own, uid, labels } = object.metadata;
    const neutral = name.slice(name.lastIndexOf("/") + 1);
    found.set(uid, "(uid)");
    if (object.kind !== "Namespace" && !name.endsWith(` ${own}`) && !name.endsWith(`/${own}`)) found.set(own, neutral);
    const hash = labels?.["pod-template-hash"];
    if (hash !== undefined) found.set(hash, "(hash)");
  }
  if (registry !== "") found.set(`${registry}/`, "(registry)/");
  const parts = [...found].toSorted(([left], [right]) => right.length - left.length);
  return { parts, whole: new Map(nodes.map((name) => [name, "(node)"])) };
}

const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/u;
const address = /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])/gu;
const pem = /-----BEGIN [A-Z ]+-----[^]*?-----END [A-Z ]+-----\n?/gu;
const tokenVolume = /\bkube-api-access-[a-z0-9]{5}\b/gu;

/** Fields whose value is chosen by the cluster, whatever it is. */
const chosen: ReadonlySet<string> = new Set([
  "resourceVersion",
  "uid",
  "containerID",
  "nodePort",
  "healthCheckNodePort",
]);

/** An object without what varies. */
export function neutral(value: unknown, replacements: Replacements, path: readonly string[] = []): unknown {
  if (typeof value === "string") return neutralText(value, replacements);
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => neutral(item, replacements, path));
    return inAnyOrder.has(path.join(".")) ? items.toSorted(byText) : items;
  }
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, member]): readonly [string, unknown] => {
    const name = neutralText(key, replacements);
    if (chosen.has(key) && (typeof member === "string" || typeof member === "number")) return [name, `(${key})`];
    return [name, neutral(member, replacements, [...path, key])];
  });
  return Object.fromEntries(entries.toSorted(([left], [right]) => (left < right ? -1 : 1)));
}

/** Lists in the order in which things happened. */
const inAnyOrder: ReadonlySet<string> = new Set(["metadata.managedFields", "endpoints"]);

function byText(left: unknown, right: unknown): number {
  const [one, other] = [JSON.stringify(left), JSON.stringify(right)];
  return one < other ? -1 : Number(one > other);
}

function neutralText(text: string, replacements: Replacements): string {
  if (time.test(text)) return "(time)";
  if (isIP(text) !== 0) return "(address)";
  const { parts, whole } = replacements;
  let result = whole.get(text) ?? text;
  for (const [found, by] of parts) result = result.replaceAll(found, by);
  return result
    .replaceAll(pem, "(certificate)")
    .replaceAll(tokenVolume, "kube-api-access-(random)")
    .replaceAll(address, "(address)");
}
