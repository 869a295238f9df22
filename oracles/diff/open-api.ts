// OpenAPI documents are megabytes: each definition and each path is compared by its digest, so that a difference names it.
import { createHash } from "node:crypto";

type JsonMap = Readonly<Record<string, unknown>>;

/** Rule "descriptions": sentences for people are the document's own words, and no client acts on them. */
export const proseKeys: ReadonlySet<string> = new Set(["description"]);

/** Rule "kinds of other scenarios": a definition is seen by everybody, also some time after it is gone. */
const otherScenario = /diff-[0-9a-f]{12}/u;

export function isOpenApi(value: unknown): value is JsonMap {
  return isMap(value) && isMap(value["paths"]) && ("swagger" in value || "openapi" in value || isIndex(value));
}

/** The list of the documents of version 3 has addresses where the documents have operations. */
function isIndex({ paths }: JsonMap): boolean {
  return isMap(paths) && Object.values(paths).every((path) => isMap(path) && "serverRelativeURL" in path);
}

export function openApiDigests(document: JsonMap): JsonMap {
  if (isIndex(document)) return { paths: withoutOthers(withoutHashes(document["paths"])) };
  const { paths, definitions, parameters, components, info, ...others } = document;
  return {
    ...Object.fromEntries(Object.entries(others).map(([name, member]) => [name, structure(member)])),
    info: isMap(info) ? { ...info, version: minorVersion(info["version"]) } : info,
    paths: digests(paths),
    ...(definitions === undefined ? {} : { definitions: digests(definitions) }),
    ...(parameters === undefined ? {} : { parameters: digests(parameters) }),
    ...(isMap(components) ? { schemas: digests(components["schemas"]) } : {}),
  };
}

function digests(members: unknown): JsonMap {
  const entries = Object.entries(withoutOthers(members));
  return Object.fromEntries(entries.map(([name, member]) => [name, digest(JSON.stringify(structure(member)))]));
}

function withoutOthers(members: unknown): JsonMap {
  const entries = Object.entries(isMap(members) ? members : {}).filter(([name]) => !otherScenario.test(name));
  return Object.fromEntries(entries.toSorted(([left], [right]) => (left < right ? -1 : 1)));
}

/** Without prose, and with keys in one order. */
function structure(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(structure);
  if (!isMap(value)) return value;
  const entries = Object.entries(value)
    // A property of this name is a field and no prose.
    .filter(([key, member]) => !(proseKeys.has(key) && typeof member === "string"))
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, member]) => [key, structure(member)]);
  return Object.fromEntries(entries);
}

/** Rule "hash of a document": its address changes with every word of it. */
function withoutHashes(paths: unknown): unknown {
  const text = JSON.stringify(paths).replaceAll(/\?hash=[0-9A-F]+/gu, "?hash=(hash)");
  return JSON.parse(text) as unknown;
}

/** Rule "version of the server": its patch is a matter of when it was built. */
function minorVersion(version: unknown): unknown {
  return typeof version === "string" ? version.replace(/^(v\d+\.\d+)\..*$/u, "$1") : version;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}

function isMap(value: unknown): value is JsonMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
