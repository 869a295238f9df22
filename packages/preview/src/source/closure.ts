import { parseDocuments, type YamlNode } from "@fairway/yaml";
import { cleanPath, filesBelow, readText, type Snapshot } from "../snapshot.ts";
import { kustomizationNames } from "./tool.ts";

/** Files of a kustomization that may be read as further configuration; the rest are taken as they are. */
const isConfiguration = (path: string) => /\.ya?ml$|(^|\/)Kustomization$/.test(path);

/**
 * Every file that a kustomization can read: all that its files name, wherever they name it. A little too much is fine,
 * too little would take a changed application for an unchanged one.
 */
export function kustomizationClosure(snapshot: Snapshot, folder: string): ReadonlyMap<string, string> {
  const closure = new Map<string, string>();
  const visited = new Set<string>();
  const pending = [folder];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (visited.has(next)) continue;
    visited.add(next);
    for (const name of kustomizationNames) addFile(next === "" ? name : `${next}/${name}`, next);
  }
  return closure;

  function addFile(path: string, base: string): void {
    const id = snapshot.files.get(path);
    if (id === undefined || closure.has(path)) return;
    closure.set(path, id);
    if (!isConfiguration(path)) return;
    for (const named of stringsIn(readText(snapshot, path) ?? "")) {
      // `key=file` in generators; everything else names a path as it stands.
      for (const candidate of [named, named.slice(named.indexOf("=") + 1)]) addNamed(candidate, base);
    }
  }

  function addNamed(name: string, base: string): void {
    const path = cleanPath(base === "" ? name : `${base}/${name}`);
    if (path === undefined || path === base) return;
    if (snapshot.files.has(path)) addFile(path, base);
    else if (isKustomization(snapshot, path)) pending.push(path);
    else if (name.startsWith(".") || name.includes("/")) addChart(path);
  }

  /** A folder that is no kustomization can be a chart of `helmCharts`. */
  function addChart(path: string): void {
    if (!snapshot.files.has(`${path}/Chart.yaml`)) return;
    for (const [file, id] of filesBelow(snapshot, path)) closure.set(`${path}/${file}`, id);
  }
}

function isKustomization(snapshot: Snapshot, folder: string): boolean {
  return kustomizationNames.some((name) => snapshot.files.has(folder === "" ? name : `${folder}/${name}`));
}

function stringsIn(text: string): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (node: YamlNode): void => {
    if (node.kind === "scalar") {
      for (const line of node.text.split("\n")) found.add(line.trim());
    } else if (node.kind === "sequence") for (const item of node.items) visit(item);
    else {
      for (const entry of node.entries) {
        visit(entry.key);
        visit(entry.value);
      }
    }
  };
  for (const document of parseDocuments(text).documents) visit(document.root);
  return found;
}
