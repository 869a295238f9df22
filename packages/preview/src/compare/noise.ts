import { looseMatch } from "../applicationset/glob.ts";
import { isObject, listAt, textAt, type JsonObject, type JsonValue } from "../json-value.ts";
import type { Manifest } from "../manifest.ts";

/** Fields that a reviewer does not want to read about, in objects that patterns select. */
export interface NoiseRule {
  readonly group?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
  /** The steps to the field; `*` goes through every key or item. */
  readonly path: readonly string[];
}

/** The version of the chart stands in a label of every object: one bump would show all of them as changed. */
export const defaultNoise: readonly NoiseRule[] = [
  { path: ["metadata", "labels", "helm.sh/chart"] },
  { path: ["spec", "template", "metadata", "labels", "helm.sh/chart"] },
  { path: ["spec", "jobTemplate", "metadata", "labels", "helm.sh/chart"] },
  { path: ["spec", "volumeClaimTemplates", "*", "metadata", "labels", "helm.sh/chart"] },
];

/** The `ignoreDifferences` of an Application that can be followed without a cluster; the others are counted. */
export function noiseOfApplication(ignoreDifferences: readonly JsonValue[]): {
  rules: readonly NoiseRule[];
  notApplied: number;
} {
  const rules: NoiseRule[] = [];
  let notApplied = 0;
  for (const entry of ignoreDifferences) {
    // No group is the core group, as Argo CD reads it; no namespace and no name is any.
    const selector = {
      group: textAt(entry, "group") ?? "",
      kind: textAt(entry, "kind") ?? "",
      ...optional("namespace", textAt(entry, "namespace")),
      ...optional("name", textAt(entry, "name")),
    };
    for (const pointer of listAt(entry, "jsonPointers")) {
      if (typeof pointer === "string") rules.push({ ...selector, path: pathOfPointer(pointer) });
    }
    notApplied += listAt(entry, "jqPathExpressions").length;
  }
  return { rules, notApplied };
}

function optional<K extends string>(key: K, value: string | undefined): { readonly [P in K]?: string } {
  return value === undefined || value === "" ? {} : ({ [key]: value } as { readonly [P in K]?: string });
}

/** RFC 6901: `/metadata/labels/helm.sh~1chart`. */
export function pathOfPointer(pointer: string): readonly string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}

export function withoutNoise(manifest: Manifest, rules: readonly NoiseRule[]): JsonObject {
  let value = manifest.value;
  for (const rule of rules) {
    if (!selects(rule, manifest)) continue;
    const cleaned = without(value, rule.path);
    if (isObject(cleaned)) value = cleaned;
  }
  return value;
}

function selects(rule: NoiseRule, manifest: Manifest): boolean {
  const fits = (pattern: string | undefined, found: string) =>
    pattern === undefined || pattern === found || (pattern.includes("*") && looseMatch(pattern)(found));
  return (
    fits(rule.group, manifest.group) &&
    fits(rule.kind, manifest.kind) &&
    fits(rule.namespace, manifest.namespace) &&
    fits(rule.name, manifest.name)
  );
}

/** A copy without the field; only what lies on the way to it is copied, and nothing if it is not there. */
function without(value: JsonValue | undefined, path: readonly string[]): JsonValue | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return undefined;
  if (Array.isArray(value)) {
    const mended = value.map((each: JsonValue, index) =>
      step === "*" || step === String(index) ? (without(each, rest) ?? null) : each,
    );
    return mended.filter((each) => each !== null);
  }
  if (!isObject(value)) return value;
  const keys = step === "*" ? Object.keys(value) : Object.hasOwn(value, step) ? [step] : [];
  if (keys.length === 0) return value;
  const copy: Record<string, JsonValue> = { ...value };
  for (const key of keys) {
    const mended = without(copy[key], rest);
    if (mended === undefined) delete copy[key];
    else copy[key] = mended;
  }
  return copy;
}
