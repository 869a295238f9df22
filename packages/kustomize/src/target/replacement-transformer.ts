import { YamlError, decode } from "@fairway/yaml";
import { applyReplacement } from "../filters/replacement.ts";
import type { Replacement } from "../filters/replacement.ts";
import { list } from "../kustomization/shape.ts";
import { replacementShape } from "../kustomization/shapes.ts";
import type { ReplacementEntry } from "../kustomization/shapes.ts";
import { KustomizeError } from "../kustomize-error.ts";
import type { Loader } from "../loader/loader.ts";
import type { Transform } from "./simple-transformers.ts";
import { toReplacement } from "./typed-fields.ts";

/** The `replacements` field; entries may be in files. */
export async function replacementTransform(loader: Loader, entries: readonly ReplacementEntry[]): Promise<Transform> {
  const replacements: Replacement[] = [];
  for (const entry of entries) {
    const path = entry.path ?? "";
    if (path === "") {
      replacements.push(toReplacement(entry));
      continue;
    }
    if (entry.source !== undefined || (entry.targets ?? []).length > 0) {
      throw new KustomizeError("kustomization", "cannot specify both path and inline replacement");
    }
    replacements.push(...parseReplacements(await loader.loadText(path)));
  }
  return (map) => {
    for (const replacement of replacements) applyReplacement(map.resources, replacement);
  };
}

function parseReplacements(text: string): Replacement[] {
  let value: unknown;
  try {
    value = decode(text);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw new KustomizeError("yaml", `error converting YAML to JSON: ${error.goMessage}`, error);
  }
  const place = { struct: "Replacement", path: "", strict: false };
  if (Array.isArray(value)) return (list(replacementShape, {}).read(value, place) ?? []).map(toReplacement);
  if (typeof value === "object" && value !== null) return [toReplacement(replacementShape.read(value, place) ?? {})];
  const kind = value === null ? "invalid" : typeof value === "number" ? "float64" : typeof value;
  throw new KustomizeError(
    "kustomization",
    `unsupported replacement type encountered within replacement path: ${kind}`,
  );
}
