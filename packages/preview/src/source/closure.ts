import { parseDocuments, type YamlNode } from "@fairway/yaml";
import { cleanPath, filesBelow, readText, type Snapshot } from "../snapshot.ts";
import { kustomizationNames } from "./tool.ts";

/** Files of a kustomization that may be read as further configuration; the rest are taken as they are. */
const isConfiguration = (path: string) => /\.ya?ml$|(^|\/)Kustomization$/.test(path);

/** Where charts of `helmCharts` lie when nothing else is said. */
const usualChartHome = "charts";

/**
 * Every file that a kustomization can read: all that its files name, wherever they name it. A little too much is fine,
 * too little would take a changed application for an unchanged one.
 */
export function kustomizationClosure(snapshot: Snapshot, folder: string): ReadonlyMap<string, string> {
  return new Closure(snapshot).of(folder);
}

class Closure {
  readonly #snapshot: Snapshot;
  readonly #files = new Map<string, string>();
  /** File and the folder that its names are relative to. */
  readonly #read = new Set<string>();
  readonly #pending: string[] = [];

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot;
  }

  of(folder: string): ReadonlyMap<string, string> {
    const visited = new Set<string>();
    this.#pending.push(folder);
    for (let next = this.#pending.pop(); next !== undefined; next = this.#pending.pop()) {
      if (visited.has(next)) continue;
      visited.add(next);
      for (const name of kustomizationNames) this.#addFile(joined(next, name), next);
    }
    return this.#files;
  }

  #addFile(path: string, base: string): void {
    const id = this.#snapshot.files.get(path);
    const reading = `${path}\0${base}`;
    if (id === undefined || this.#read.has(reading)) return;
    this.#read.add(reading);
    this.#files.set(path, id);
    if (!isConfiguration(path)) return;
    const names = namesIn(this.#snapshot, path, id);
    for (const name of names.all) this.#addNamed(name, base);
    for (const home of names.chartHomes)
      this.#addCharts(cleanPath(home.startsWith("/") ? home : joined(base, home)), names);
  }

  #addNamed(name: string, base: string): void {
    const path = cleanPath(joined(base, name));
    if (path === undefined || path === base) return;
    if (this.#snapshot.files.has(path)) this.#addFile(path, base);
    else if (kustomizationNames.some((each) => this.#snapshot.files.has(joined(path, each)))) this.#pending.push(path);
  }

  /** A chart lies in `NAME`, or in `NAME-VERSION/NAME` when its version is given. */
  #addCharts(home: string | undefined, names: Names): void {
    if (home === undefined) return;
    for (const [file, id] of filesBelow(this.#snapshot, home)) {
      const [top = "", inner = ""] = file.split("/", 2);
      const isNamed = names.all.has(top) || (names.all.has(inner) && top.startsWith(`${inner}-`));
      if (isNamed) this.#files.set(joined(home, file), id);
    }
  }
}

function joined(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}

interface Names {
  /** Every text that could be the path of a file or a folder. */
  readonly all: ReadonlySet<string>;
  /** Folders of charts; none when the file asks for no chart. */
  readonly chartHomes: ReadonlySet<string>;
}

/** No path is longer; it keeps certificates and scripts out of the sets. */
const pathCharactersMax = 512;

const knownNames = new WeakMap<Snapshot, Map<string, Names>>();

/** A base is read by each of its overlays: its names are looked up once a content. */
function namesIn(snapshot: Snapshot, path: string, id: string): Names {
  const known = knownNames.get(snapshot) ?? new Map<string, Names>();
  knownNames.set(snapshot, known);
  const names = known.get(id) ?? collectNames(readText(snapshot, path) ?? "");
  known.set(id, names);
  return names;
}

function collectNames(text: string): Names {
  const all = new Set<string>();
  const chartHomes = new Set<string>();
  const addText = (lines: string): void => {
    for (const line of lines.split("\n")) {
      const name = line.trim();
      if (name === "" || name.length > pathCharactersMax) continue;
      // `key=file` in generators; everything else names a path as it stands.
      all.add(name).add(name.slice(name.indexOf("=") + 1));
    }
  };
  const visit = (node: YamlNode): void => {
    if (node.kind === "scalar") addText(node.text);
    else if (node.kind === "sequence") node.items.forEach(visit);
    else {
      for (const { key, value } of node.entries) {
        const name = key.kind === "scalar" ? key.text : "";
        if (name === "chartHome" && value.kind === "scalar") chartHomes.add(value.text);
        if (/^helm|^kind$/.test(name) && (name !== "kind" || isChartGenerator(value))) chartHomes.add(usualChartHome);
        addText(name);
        visit(value);
      }
    }
  };
  for (const document of parseDocuments(text).documents) visit(document.root);
  return { all, chartHomes };
}

function isChartGenerator(kind: YamlNode): boolean {
  return kind.kind === "scalar" && kind.text === "HelmChartInflationGenerator";
}
