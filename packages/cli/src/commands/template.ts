import {
  HelmError,
  parseTemplateArguments,
  runTemplate,
  type HelmEnvironment,
  type TemplateResult,
} from "@fairway/helm";
import { ChartsError } from "@fairway/charts";
import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { text } from "node:stream/consumers";
import { openChartStore } from "../charts/chart-store.ts";
import { loadChart } from "../charts/load-chart.ts";
import { CliError } from "../cli-error.ts";
import { defineCommand, type CommandContext } from "../command/command.ts";
import { exitCode } from "../exit-code.ts";

export const templateCommand = defineCommand({
  summary: "Render a Helm chart, as helm template does",
  description:
    "Takes the arguments of helm template 4.1 and prints what it prints, without helm. What needs a cluster is refused.",
  positionals: [
    { name: "NAME", summary: "the release's name; release-name by default" },
    { name: "CHART", summary: "a folder, a .tgz, oci://HOST/PATH/CHART, or a name with --repo", required: true },
  ],
  options: {},
  foreignOptions: [
    ["-f, --values FILE", "values from a file; several are merged in order"],
    ["    --set, --set-string, --set-json, --set-file, --set-literal", "single values"],
    ["-n, --namespace NAMESPACE", "namespace of the release"],
    ["    --repo URL, --version CONSTRAINT, --devel", "which chart of a repository"],
    ["    --dependency-update", "fetch dependencies that are not in charts/"],
    ["    --kube-version VERSION, -a, --api-versions VERSIONS", "what .Capabilities says"],
    ["    --include-crds, --no-hooks, --skip-tests, --is-upgrade", "what is rendered"],
    ["-s, --show-only TEMPLATE", "only these templates"],
    ["    --notes", "print the notes as well"],
    ["    --output-dir DIR", "write files instead of printing"],
  ],
  examples: [
    {
      command: "fairway template orders ./charts/orders -f values-prod.yaml",
      meaning: "Render a chart of this repository",
    },
    {
      command: "fairway template redis oci://registry.example.com/charts/redis --version '^19'",
      meaning: "One from a registry",
    },
  ],
  async run(context, { positionals }) {
    try {
      const result = await context.terminal.progress("rendering", () => render(positionals, context));
      for (const warning of result.warnings) context.terminal.note(`warning: ${warning}`);
      if (result.files.length > 0) await writeFiles(result, positionals, context);
      else context.terminal.print({ output: result.output }, () => result.output);
      return exitCode.ok;
    } catch (error) {
      throw asCliError(error);
    }
  },
});

async function render(
  words: readonly string[],
  { cwd, env, signal, terminal }: CommandContext,
): Promise<TemplateResult> {
  const request = parseTemplateArguments(words);
  return runTemplate(request, {
    loadChart: (chart) =>
      loadChart(chart, {
        cwd,
        openStore: () => openChartStore({ env, signal, onStale: (message) => terminal.note(`warning: ${message}`) }),
      }),
    readFile: (path) => (path === "-" ? text(process.stdin) : readFile(resolve(cwd, path), "utf8")),
    environment: systemEnvironment,
  });
}

/** The clock, the dice and the keys of this machine, for charts that ask for them. */
export const systemEnvironment: HelmEnvironment = {
  now: () => Date.now(),
  randomBytes: (count) => randomBytes(count),
};

async function writeFiles(
  result: TemplateResult,
  words: readonly string[],
  { cwd, terminal }: CommandContext,
): Promise<void> {
  const folder = resolve(cwd, parseTemplateArguments(words).outputDir);
  for (const file of result.files) {
    const path = join(folder, file.path);
    if (!path.startsWith(folder + sep))
      throw new CliError("invalid-input", `${file.path} would be written outside ${folder}`);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, file.content);
  }
  const paths = result.files.map((file) => join(folder, file.path));
  terminal.print({ files: paths }, () => paths.map((path) => `wrote ${path}`).join("\n"));
}

export function asCliError(error: unknown): unknown {
  if (error instanceof HelmError) {
    return new CliError(error.code === "usage" ? "bad-usage" : "invalid-input", error.message, { cause: error });
  }
  if (error instanceof ChartsError) return new CliError("environment", error.message, { cause: error });
  return error;
}
