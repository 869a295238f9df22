import { decodeBase64 } from "./binary.ts";
import { resolvePlain } from "./resolve.ts";
import type { Resolved, ScalarKind } from "./resolve.ts";

const coreTags = "tag:yaml.org,2002:";

const kindsOfTags = new Map<string, ScalarKind>([
  [`${coreTags}str`, "string"],
  [`${coreTags}bool`, "bool"],
  [`${coreTags}int`, "int"],
  [`${coreTags}float`, "float"],
  [`${coreTags}null`, "null"],
  [`${coreTags}timestamp`, "timestamp"],
]);

const namesOfKinds: Record<ScalarKind, string> = {
  string: "!!str",
  bool: "!!bool",
  int: "!!int",
  float: "!!float",
  null: "!!null",
  timestamp: "!!timestamp",
};

export const binaryTag: string = `${coreTags}binary`;
export const mergeTag: string = `${coreTags}merge`;
export const nullTag: string = `${coreTags}null`;

export function shortTag(tag: string): string {
  return tag.startsWith(coreTags) ? `!!${tag.slice(coreTags.length)}` : tag;
}

/** The meaning of a scalar with a tag, or a sentence that says why the text cannot have that tag. */
export function resolveTagged(tag: string, text: string): Resolved | string {
  if (tag === binaryTag) {
    const data = decodeBase64(text);
    return data === undefined ? "!!binary value contains invalid base64 data" : { kind: "string", value: data };
  }
  const wanted = kindsOfTags.get(tag);
  if (wanted === undefined || wanted === "string") {
    return { kind: "string", value: text };
  }
  let found = resolvePlain(text);
  if (wanted !== "timestamp" && found.kind === "timestamp") {
    found = { kind: "string", value: text };
  }
  if (found.kind === wanted) {
    return found;
  }
  if (wanted === "float" && found.kind === "int" && !isUnsigned(found.value)) {
    return { kind: "float", value: Number(found.value) };
  }
  return `cannot decode ${namesOfKinds[found.kind]} \`${text}\` as a ${shortTag(tag)}`;
}

function isUnsigned(value: Resolved["value"]): boolean {
  return typeof value === "bigint" && value > 2n ** 63n - 1n;
}
