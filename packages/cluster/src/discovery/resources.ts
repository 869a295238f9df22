import { createHash } from "node:crypto";
import type { Kind } from "../kinds/index.ts";
import { hashedVersions } from "./data/hashed-versions.ts";

/** What discovery says of a kind; its two forms are written from this. */
export interface ServedResource {
  readonly name: string;
  readonly singularName: string;
  readonly namespaced: boolean;
  readonly kind: NamedKind;
  readonly verbs: readonly string[];
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly storageVersionHash: string | undefined;
  readonly subresources: readonly ServedSubresource[];
}

export interface ServedSubresource {
  readonly name: string;
  readonly kind: NamedKind;
  readonly verbs: readonly string[];
}

/** One of the `resources` that another server lists. */
export type RemoteResource = Readonly<Record<string, unknown>> & { readonly name: string };

/** Group and version are left out where they are those of the list. */
interface NamedKind {
  readonly group?: string | undefined;
  readonly version?: string | undefined;
  readonly kind: string;
}

const partVerbs = ["get", "patch", "update"];
const customVerbs = ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"];
const customVerbsAtTheEnd = ["delete", "deletecollection", "get", "list", "watch"];

export function servedResource(kind: Kind): ServedResource {
  const { custom } = kind;
  return {
    name: kind.plural,
    singularName: kind.singular,
    namespaced: kind.namespaced,
    kind: ownKind(kind),
    verbs: custom ? (custom.isTerminating ? customVerbsAtTheEnd : customVerbs) : kind.verbs,
    shortNames: kind.shortNames,
    categories: kind.categories,
    storageVersionHash: kind.verbs.includes("create") && kind.verbs.includes("list") ? storageHash(kind) : undefined,
    subresources: subresourcesOf(kind),
  };
}

/** Custom kinds say where they belong. */
function ownKind({ custom, group, version, kind }: Kind): NamedKind {
  return custom ? { group, version, kind } : { kind };
}

function subresourcesOf(kind: Kind): readonly ServedSubresource[] {
  const { status, scale, others = [] } = kind.subresources;
  const scales: ServedSubresource = {
    name: "scale",
    kind: { group: "autoscaling", version: "v1", kind: "Scale" },
    verbs: partVerbs,
  };
  const list: readonly ServedSubresource[] = [
    ...(status ? [{ name: "status", kind: ownKind(kind), verbs: partVerbs }] : []),
    ...(scale ? [scales] : []),
    ...others.map(({ name, group, version, kind: other, verbs }) => ({
      name,
      kind: { group, version, kind: other },
      verbs,
    })),
  ];
  return kind.custom ? list : list.toSorted((left, right) => (left.name < right.name ? -1 : 1));
}

/** A digest of what is stored, by which a client knows that it has changed. */
function storageHash({ group, version, plural, kind, storedAs }: Kind): string {
  const stored = storedAs ?? { group, version: hashedVersions[`${plural}.${group}`] ?? version };
  const digest = createHash("sha256").update(`${stored.group}/${stored.version}/${kind}`).digest();
  return digest.subarray(0, 8).toString("base64");
}

export function remoteResource(one: RemoteResource, all: readonly RemoteResource[] | undefined): ServedResource {
  return {
    ...remotePart(one, one.name),
    singularName: textOf(one["singularName"]) ?? "",
    namespaced: one["namespaced"] === true,
    shortNames: textsOf(one["shortNames"]),
    categories: textsOf(one["categories"]),
    storageVersionHash: textOf(one["storageVersionHash"]),
    subresources: (all ?? [])
      .filter(({ name }) => name.startsWith(`${one.name}/`))
      .map((part) => remotePart(part, part.name.slice(one.name.length + 1))),
  };
}

function remotePart(one: RemoteResource, name: string): ServedSubresource {
  return {
    name,
    kind: { group: textOf(one["group"]), version: textOf(one["version"]), kind: textOf(one["kind"]) ?? "" },
    verbs: textsOf(one["verbs"]),
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}
