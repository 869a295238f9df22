import type { Chart } from "./chart/chart.ts";
import { helmFunctions } from "./engine/helm-functions.ts";
import type { HelmEnvironment } from "./functions/environment.ts";
import { renderNameTemplate } from "./engine/name-template.ts";
import { formatTemplateOutput, templateOutputFiles } from "./output/template-output.ts";
import type { OutputFile } from "./output/template-output.ts";
import { renderChart } from "./render-chart.ts";
import type { ChartReference, TemplateRequest } from "./template-flags.ts";
import { mergeUserValues, setFilePaths } from "./values/user-values.ts";

/** What running `helm template` needs from outside. */
export interface TemplatePorts {
  /** Finds a chart, wherever it is, with its dependencies. */
  readonly loadChart: (chart: ChartReference) => Promise<Chart>;
  /** Reads a file, an address, or with `-` the standard input. Throws with the system's message. */
  readonly readFile: (path: string) => Promise<string>;
  readonly environment?: HelmEnvironment;
}

export interface TemplateResult {
  /** For standard output; empty when files are written. */
  readonly output: string;
  /** With `--output-dir`: what to write below it. */
  readonly files: readonly OutputFile[];
  readonly warnings: readonly string[];
}

/** Does what `helm template` with these arguments does. */
export async function runTemplate(request: TemplateRequest, ports: TemplatePorts): Promise<TemplateResult> {
  const values = await readValues(request, ports);
  const chart = await ports.loadChart(request.chart);
  const releaseName =
    request.nameTemplate === ""
      ? request.releaseName
      : renderNameTemplate(request.nameTemplate, helmFunctions(ports.environment));
  const rendered = renderChart(chart, {
    releaseName,
    namespace: request.namespace,
    values,
    apiVersions: request.apiVersions,
    isUpgrade: request.isUpgrade,
    skipSchemaValidation: request.skipSchemaValidation,
    subchartNotes: request.subchartNotes,
    ...(request.kubeVersion === "" ? {} : { kubeVersion: request.kubeVersion }),
    ...(ports.environment === undefined ? {} : { environment: ports.environment }),
  });
  const { warnings } = rendered;
  if (request.outputDir !== "") {
    const prefix = request.useReleaseName ? `${releaseName}/` : "";
    const files = templateOutputFiles(rendered, request).map((file) => ({ ...file, path: prefix + file.path }));
    return { output: "", files, warnings };
  }
  const notes = request.notes && rendered.notes.trim() !== "" ? `\nNOTES:\n${rendered.notes.trim()}\n` : "";
  return { output: formatTemplateOutput(rendered, request) + notes, files: [], warnings };
}

async function readValues(request: TemplateRequest, ports: TemplatePorts): Promise<ReturnType<typeof mergeUserValues>> {
  const files: { name: string; content: string }[] = [];
  for (const name of request.valuesFiles) files.push({ name, content: await ports.readFile(name) });
  const named = new Map<string, () => string>();
  for (const path of setFilePaths(request.setFile)) named.set(path, await contentOf(path, ports));
  return mergeUserValues({ ...request, files }, (path) => named.get(path)?.() ?? "");
}

/** A file that can't be read is an error only where its content is asked for. */
async function contentOf(path: string, ports: TemplatePorts): Promise<() => string> {
  try {
    const content = await ports.readFile(path);
    return () => content;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}
