import { encode } from "@fairway/yaml";
import type { JsonObject } from "../json-value.ts";
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
): readonly ObjectChange[] {
  const changes: ObjectChange[] = [];
  for (const [key, object] of after) {
    const known = before.get(key);
    if (!known)
      changes.push(
        changeOf(
          "added",
          object,
          linesOf(object).map((text) => ({ sign: "+", text })),
        ),
      );
    else if (known.text !== object.text) changes.push(changeOf("changed", object, difference(known, object)));
  }
  for (const [key, object] of before) {
    if (!after.has(key))
      changes.push(
        changeOf(
          "removed",
          object,
          linesOf(object).map((text) => ({ sign: "-", text })),
        ),
      );
  }
  return changes;
}

function inNamespace(manifest: Manifest, defaultNamespace: string): Manifest {
  const given = manifest.namespace !== "" || defaultNamespace === "" || clusterScopedKinds.has(manifest.kind);
  return given ? manifest : { ...manifest, namespace: defaultNamespace };
}

function comparableText(manifest: Manifest, options: ComparisonOptions): string {
  const quiet = withoutNoise(manifest, options.noise);
  const isSecret = manifest.group === "" && manifest.kind === "Secret";
  const value: JsonObject = isSecret ? options.mask.hide(quiet) : quiet;
  const metadata = value["metadata"];
  // Where the namespace comes from, the manifest or the destination, makes no difference.
  const placed =
    manifest.namespace === "" || typeof metadata !== "object" || metadata === null || Array.isArray(metadata)
      ? value
      : { ...value, metadata: { ...metadata, namespace: manifest.namespace } };
  return encode(canonical(placed));
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

function changeOf(
  change: ObjectChange["change"],
  { manifest }: ComparableObject,
  lines: readonly DiffLine[] | undefined,
): ObjectChange {
  const apiVersion = manifest.group === "" ? manifest.version : `${manifest.group}/${manifest.version}`;
  return { change, apiVersion, kind: manifest.kind, namespace: manifest.namespace, name: manifest.name, lines };
}
