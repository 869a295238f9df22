import { HelmError } from "../errors.ts";
import type { RenderedChart } from "./rendered-chart.ts";
import { trimSpace } from "../text/go-space.ts";
import { compilePathPattern } from "../text/path-match.ts";
import type { Hook } from "./sort-manifests.ts";
import { splitManifests } from "./split-manifests.ts";

export interface OutputOptions {
  readonly includeCrds?: boolean;
  readonly noHooks?: boolean;
  /** Leave out hooks that are tests. */
  readonly skipTests?: boolean;
  /** Only what comes from these templates: paths relative to the chart, with `*`. */
  readonly showOnly?: readonly string[];
}

/** The bytes that `helm template` writes to standard output. */
export function formatTemplateOutput(rendered: RenderedChart, options: OutputOptions = {}): string {
  const crds = options.includeCrds === true ? rendered.crds : [];
  const release = [...crds, ...rendered.manifests].map(section).join("");
  const hooks = shownHooks(rendered, options).map(section).join("");
  const output = `${trimSpace(release)}\n${hooks}`;
  return options.showOnly === undefined || options.showOnly.length === 0 ? output : selected(output, options.showOnly);
}

/** A file that `helm template --output-dir` writes; several sections of one template are in one file. */
export interface OutputFile {
  readonly path: string;
  readonly content: string;
}

export function templateOutputFiles(rendered: RenderedChart, options: OutputOptions = {}): OutputFile[] {
  const crds = options.includeCrds === true ? rendered.crds : [];
  const contents = new Map<string, string>();
  for (const part of [...crds, ...rendered.manifests, ...shownHooks(rendered, options)]) {
    contents.set(part.path, (contents.get(part.path) ?? "") + section(part));
  }
  return [...contents].map(([path, content]) => ({ path, content }));
}

function section(part: { readonly path: string; readonly content: string }): string {
  return `---\n# Source: ${part.path}\n${part.content}\n`;
}

function shownHooks(rendered: RenderedChart, options: OutputOptions): readonly Hook[] {
  if (options.noHooks === true) return [];
  return rendered.hooks.filter((hook) => options.skipTests !== true || !hook.events.includes("test"));
}

/** Helm selects from the finished text, by the comments that say where each document comes from. */
function selected(output: string, patterns: readonly string[]): string {
  const documents = splitManifests(output).flatMap((text) => {
    const path = /# Source: [^/]+\/(.+)/u.exec(text)?.[1];
    return path === undefined ? [] : [{ path, text }];
  });
  let shown = "";
  for (const pattern of patterns) {
    const matches = compilePathPattern(pattern) ?? (() => false);
    const found = documents.filter((document) => matches(document.path));
    if (found.length === 0) throw new HelmError("usage", `could not find template ${pattern} in chart`);
    for (const document of found) shown += `---\n${document.text}\n`;
  }
  return shown;
}
