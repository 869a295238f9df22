import { encode } from "@fairway/yaml";
import { objectAt, type JsonObject } from "../json-value.ts";
import { diffLinesMax } from "../limits.ts";
import { objectKey, type Manifest } from "../manifest.ts";
import { canonical } from "./canonical.ts";
import { clusterScopedKinds } from "./data/list-keys.ts";
import { diffLines, type DiffLine } from "./line-diff.ts";
import { withoutNoise, type NoiseRule } from "./noise.ts";
import type { SecretMask } from "./secret-mask.ts";

/** An object in the form in which it is compared. */
export interface ComparableObject {
  readonly key: string;
  readonly manifest: Manifest;
  /** Canonical YAML, secrets hidden; two objects mean the same when it is the same. */
  readonly text: string;
}

export interface ObjectChange {
  readonly change: "added" | "removed" | "changed";
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Undefined when the object is too large to be compared line by line. */
  readonly lines: readonly DiffLine[] | undefined;
}

export interface ComparisonOptions {
  readonly cluster: string;
  readonly defaultNamespace: string;
  readonly noise: readonly NoiseRule[];
  readonly mask: SecretMask;
}

/** A change with what tells its object apart, for finding objects that only moved. */
export interface KeyedChange {
  readonly key: string;
  readonly text: string;
  readonly change: ObjectChange;
}

/** The objects of an application by what identifies them in the cluster. Later ones replace earlier ones, as applying them does. */
export function comparableObjects(
  manifests: readonly Manifest[],
  options: ComparisonOptions,
): ReadonlyMap<string, ComparableObject> {
  const objects = new Map<string, ComparableObject>();
  for (const given of manifests) {
    const manifest = inNamespace(given, options.defaultNamespace);
    const key = objectKey(manifest, options.cluster);
    objects.set(key, { key, manifest, text: comparableText(manifest, options) });
  }
  return objects;
}

export function compareObjects(
  before: ReadonlyMap<string, ComparableObject>,
  after: ReadonlyMap<string, ComparableObject>,
): readonly KeyedChange[] {
  const changes: KeyedChange[] = [];
  const successors = successorsByHash(before, after);
  const predecessors = new Set(successors.values());
  for (const [key, object] of after) {
    const known = before.get(key) ?? successors.get(object);
    if (!known) changes.push(keyed(object, "added", wholly("+", object)));
    else if (known.text !== object.text) changes.push(keyed(object, "changed", difference(known, object)));
  }
  for (const [key, object] of before) {
    if (!after.has(key) && !predecessors.has(object)) changes.push(keyed(object, "removed", wholly("-", object)));
  }
  return changes;
}

/** The hash that Kustomize appends to the names of generated ConfigMaps and Secrets. */
const generatedSuffix = /-[2456789bcdfghkmt]{10}$/;

/**
 * A generated object whose content changes gets another name. To a reviewer it is the same object with other content,
 * if it is the only one of its name without the hash on both sides.
 */
function successorsByHash(
  before: ReadonlyMap<string, ComparableObject>,
  after: ReadonlyMap<string, ComparableObject>,
): ReadonlyMap<ComparableObject, ComparableObject> {
  const gone = generatedOnly(before, after);
  const successors = new Map<ComparableObject, ComparableObject>();
  for (const [name, [added, ...moreAdded]] of generatedOnly(after, before)) {
    const [removed, ...moreRemoved] = gone.get(name) ?? [];
    if (added && removed && moreAdded.length + moreRemoved.length === 0) successors.set(added, removed);
  }
  return successors;
}

/** Generated objects that one side alone has, by their key without the hash. */
function generatedOnly(
  these: ReadonlyMap<string, ComparableObject>,
  others: ReadonlyMap<string, ComparableObject>,
): ReadonlyMap<string, readonly ComparableObject[]> {
  const alone = [...these.values()].filter(({ key }) => generatedSuffix.test(key) && !others.has(key));
  return Map.groupBy(alone, ({ key }) => key.replace(generatedSuffix, ""));
}

function inNamespace(manifest: Manifest, defaultNamespace: string): Manifest {
  const given = manifest.namespace !== "" || defaultNamespace === "" || clusterScopedKinds.has(manifest.kind);
  return given ? manifest : { ...manifest, namespace: defaultNamespace };
}

function comparableText(manifest: Manifest, options: ComparisonOptions): string {
  const quiet = withoutNoise(manifest, options.noise);
  const isSecret = manifest.group === "" && manifest.kind === "Secret";
  return encode(canonical(placed(isSecret ? options.mask.hide(quiet) : quiet, manifest.namespace)));
}

/** Where the namespace comes from, the manifest or the destination, makes no difference. */
function placed(value: JsonObject, namespace: string): JsonObject {
  return namespace === "" ? value : { ...value, metadata: { ...objectAt(value, "metadata"), namespace } };
}

function linesOf(object: ComparableObject): readonly string[] {
  return object.text.replace(/\n$/, "").split("\n");
}

function difference(before: ComparableObject, after: ComparableObject): readonly DiffLine[] | undefined {
  const linesBefore = linesOf(before);
  const linesAfter = linesOf(after);
  if (linesBefore.length + linesAfter.length > diffLinesMax) return undefined;
  return diffLines(linesBefore, linesAfter);
}

function wholly(sign: "+" | "-", object: ComparableObject): readonly DiffLine[] | undefined {
  const lines = linesOf(object);
  return lines.length > diffLinesMax ? undefined : lines.map((text) => ({ sign, text }));
}

function keyed(
  { key, text, manifest }: ComparableObject,
  change: ObjectChange["change"],
  lines: readonly DiffLine[] | undefined,
): KeyedChange {
  const { group, version, kind, namespace, name } = manifest;
  const apiVersion = group === "" ? version : `${group}/${version}`;
  return { key, text, change: { change, apiVersion, kind, namespace, name, lines } };
}
