import { PreviewError } from "../errors.ts";
import { filesBelow } from "../snapshot.ts";
import type { FolderSource } from "./resolved-source.ts";

export type Tool = "helm" | "kustomize" | "directory";

export const kustomizationNames: readonly string[] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/** Settings of a tool choose it; otherwise the files in the folder do. */
export function toolOf({ source, snapshot, folder }: FolderSource): Tool {
  const chosen = (["helm", "kustomize", "directory"] as const).filter((tool) => source[tool] !== undefined);
  if (source.plugin) {
    throw new PreviewError("unsupported", "config management plugins run programs of their own; a preview does not");
  }
  if (chosen.length > 1) {
    throw new PreviewError("invalid-application", `multiple application sources defined: ${chosen.join(",")}`);
  }
  if (chosen[0]) return chosen[0];
  const files = filesBelow(snapshot, folder);
  if (files.has("Chart.yaml")) return "helm";
  return kustomizationNames.some((name) => files.has(name)) ? "kustomize" : "directory";
}
