import { decodeAll, YamlError } from "@fairway/yaml";
import { manifestsOf, type Manifest } from "../manifest.ts";
import { readText, type Snapshot } from "../snapshot.ts";
import { isApplication, isApplicationSet } from "./application.ts";

export interface Discovery {
  readonly manifests: readonly FoundManifest[];
  readonly problems: readonly { readonly path: string; readonly message: string }[];
}

export interface FoundManifest {
  readonly manifest: Manifest;
  readonly path: string;
}

/** Cheaper than decoding: a file without these words holds neither. */
export function mayHoldApplications(text: string): boolean {
  return text.includes("argoproj.io") && text.includes("Application");
}

/** The Applications and ApplicationSets that stand in plain files. Templates of charts are found when the chart is rendered. */
export function discoverApplications(snapshot: Snapshot): Discovery {
  const charts = chartFolders(snapshot);
  const manifests: FoundManifest[] = [];
  const problems: { path: string; message: string }[] = [];
  for (const path of snapshot.files.keys()) {
    if (!/\.(ya?ml|json)$/i.test(path) || isTemplate(path, charts)) continue;
    const text = readText(snapshot, path);
    if (text === undefined || !mayHoldApplications(text)) continue;
    try {
      for (const manifest of manifestsOf(decodeAll(text))) {
        if (isApplication(manifest) || isApplicationSet(manifest)) manifests.push({ manifest, path });
      }
    } catch (error) {
      if (!(error instanceof YamlError)) throw error;
      problems.push({ path, message: error.message });
    }
  }
  return { manifests, problems };
}

function chartFolders(snapshot: Snapshot): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const path of snapshot.files.keys()) {
    if (path === "Chart.yaml") folders.add("");
    else if (path.endsWith("/Chart.yaml")) folders.add(path.slice(0, -"/Chart.yaml".length));
  }
  return folders;
}

function isTemplate(path: string, charts: ReadonlySet<string>): boolean {
  for (let at = path.indexOf("templates/"); at !== -1; at = path.indexOf("templates/", at + 1)) {
    if (at === 0 ? charts.has("") : path[at - 1] === "/" && charts.has(path.slice(0, at - 1))) return true;
  }
  return false;
}
