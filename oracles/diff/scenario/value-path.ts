// Paths into JSON: status.conditions[type=Ready].status, metadata.labels["a.b/c"], items[0].metadata.name
import { DiffError } from "../diff-error.ts";
import { field, isList, isObject } from "../json.ts";
import type { Json } from "../json.ts";

export type Segment =
  | { readonly kind: "key"; readonly key: string }
  | { readonly kind: "index"; readonly index: number }
  | { readonly kind: "where"; readonly key: string; readonly value: string };

export type ValuePath = readonly Segment[];

const segmentPattern =
  /\.?(?:(?<key>[^.[\]\s]+)|\["(?<quoted>[^"]+)"\]|\[(?<index>\d+)\]|\[(?<name>[\w.]+)=(?<value>[^\]]*)\])/y;

export function parsePath(text: string): ValuePath {
  const segments: Segment[] = [];
  const pattern = new RegExp(segmentPattern);
  while (pattern.lastIndex < text.length) {
    const at = pattern.lastIndex;
    const groups = pattern.exec(text)?.groups;
    if (groups === undefined) {
      throw new DiffError(
        "syntax",
        `the path ${JSON.stringify(text)} can't be read from ${JSON.stringify(text.slice(at))}`,
      );
    }
    segments.push(segmentOf(groups));
  }
  if (segments.length === 0) throw new DiffError("syntax", "an empty path: name a field, like metadata.name");
  return segments;
}

function segmentOf(groups: Readonly<Record<string, string | undefined>>): Segment {
  const key = groups["key"] ?? groups["quoted"];
  if (key !== undefined) return { kind: "key", key };
  if (groups["index"] !== undefined) return { kind: "index", index: Number(groups["index"]) };
  return { kind: "where", key: groups["name"] ?? "", value: groups["value"] ?? "" };
}

export function valueAt(root: Json | undefined, path: ValuePath): Json | undefined {
  let value = root;
  for (const segment of path) value = step(value, segment);
  return value;
}

function step(value: Json | undefined, segment: Segment): Json | undefined {
  if (segment.kind === "key") {
    if (segment.key === "length" && isList(value)) return value.length;
    return field(value, segment.key);
  }
  if (!isList(value)) return undefined;
  if (segment.kind === "index") return value[segment.index];
  return value.find((item) => String(field(item, segment.key)) === segment.value);
}

/** The same value with something else at the path; undefined removes it. Missing parents are made, lists grow at their end. */
export function withValueAt(root: Json | undefined, path: ValuePath, value: Json | undefined): Json {
  const [segment, ...rest] = path;
  if (segment === undefined) return value ?? null;
  const inner = (old: Json | undefined): Json | undefined =>
    rest.length === 0 ? value : withValueAt(old, rest, value);
  if (segment.kind === "key") {
    const { [segment.key]: old, ...others } = isObject(root) ? root : {};
    const made = inner(old);
    return made === undefined ? others : { ...(isObject(root) ? root : {}), [segment.key]: made };
  }
  const items = isList(root) ? [...root] : [];
  const found =
    segment.kind === "index"
      ? segment.index
      : items.findIndex((item) => String(field(item, segment.key)) === segment.value);
  const index = found < 0 ? items.length : Math.min(found, items.length);
  const made = inner(items[index]);
  items.splice(index, 1, ...(made === undefined ? [] : [made]));
  return items;
}
