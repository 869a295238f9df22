import { GitError, GitRepository } from "@fairway/git";
import {
  defaultNoise,
  hasChanges,
  hasFailures,
  htmlReport,
  markdownReport,
  preview,
  terminalReport,
  type PreviewResult,
} from "@fairway/preview";
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { cacheDirectory } from "../cache-directory.ts";
import { CliError } from "../cli-error.ts";
import { defineCommand, type CommandContext, type OptionValues } from "../command/command.ts";
import { exitCode } from "../exit-code.ts";
import { noiseRule, readClusters, readPullRequests } from "../preview/given-data.ts";
import { previewWorld } from "../preview/preview-world.ts";
import { DiskRenderCache, noCache } from "../preview/render-cache.ts";
import type { Style } from "../terminal/style.ts";

const options = {
  base: { type: "string", valueName: "REF", summary: "What it is compared with; origin/HEAD by default" },
  head: { type: "string", valueName: "REF", summary: "What is looked at; HEAD by default" },
  "merge-base": { type: "boolean", summary: "Compare with the newest commit that both have in common" },
  repo: { type: "string", valueName: "DIR", summary: "The repository; the one around this folder by default" },
  "repo-url": {
    type: "strings",
    valueName: "URL",
    summary: "An address under which Applications know the repository, besides its remotes",
  },
  format: { type: "string", valueName: "FORMAT", summary: "How to print it", choices: ["text", "markdown", "html"] },
  out: { type: "string", short: "o", valueName: "FILE", summary: "Write to a file" },
  ignore: { type: "strings", valueName: "RULE", summary: "A field to pass over: [KIND[/NAME]:]/path/to/field" },
  "show-chart-labels": {
    type: "boolean",
    summary: "Show changes of helm.sh/chart labels, which are passed over otherwise",
  },
  clusters: { type: "string", valueName: "FILE", summary: "Clusters for generators, as YAML" },
  "pull-requests": { type: "string", valueName: "FILE", summary: "Pull requests for generators, as YAML" },
  "kube-version": { type: "string", valueName: "VERSION", summary: "Version of Kubernetes that charts are told" },
  "api-versions": { type: "strings", valueName: "VERSION", summary: "API version that charts are told to be there" },
  offline: { type: "boolean", summary: "Fetch nothing; name what is missing" },
  "no-cache": { type: "boolean", summary: "Render everything anew" },
} as const;

export const previewCommand = defineCommand({
  summary: "Say what a change to a GitOps repository changes in the clusters",
  description:
    "Finds every Argo CD Application and ApplicationSet at two revisions, renders those that can differ, and compares the\nobjects by meaning. Needs no cluster, reads Git's objects, and leaves the working folder alone. Exits with 1 when\nsomething changes or could not be rendered.",
  positionals: [],
  options,
  examples: [
    { command: "fairway preview --base origin/main", meaning: "What this branch changes" },
    {
      command: "fairway preview --base origin/main --format markdown -o comment.md",
      meaning: "The same as a comment for a pull request",
    },
    {
      command: "fairway preview --base v1.4.0 --head v1.5.0 --format html -o preview.html",
      meaning: "A page for two releases",
    },
  ],
  async run(context, { options: given }) {
    const result = await context.terminal.progress("preview", (progress) =>
      previewRepository(context, given, (done, all) => progress.update(`${done} of ${all} applications`)),
    );
    const text = (style: Style) => report(result, given.format, style);
    if (given.out === undefined) context.terminal.print(result, text);
    else {
      await writeFile(
        resolve(context.cwd, given.out),
        context.terminal.json ? JSON.stringify(result, undefined, 2) : report(result, given.format),
      );
      context.terminal.note(`wrote ${given.out}`);
    }
    return hasChanges(result) || hasFailures(result) ? exitCode.problemsFound : exitCode.ok;
  },
});

async function previewRepository(
  context: CommandContext,
  given: OptionValues<typeof options>,
  onProgress: (done: number, all: number) => void,
): Promise<PreviewResult> {
  try {
    await using repository = await GitRepository.open(resolve(context.cwd, given.repo ?? "."));
    const head = given.head ?? "HEAD";
    const base = await baseOf(repository, given, head);
    const disk = new DiskRenderCache(join(cacheDirectory(context.env), "preview"));
    const world = await previewWorld(
      {
        repository,
        base,
        head,
        repositoryUrls: given["repo-url"],
        cache: given["no-cache"] ? noCache : disk,
        offline: given.offline,
        clusters: given.clusters === undefined ? [] : await readClusters(resolve(context.cwd, given.clusters)),
        pullRequests:
          given["pull-requests"] === undefined
            ? []
            : await readPullRequests(resolve(context.cwd, given["pull-requests"])),
        kubeVersion: given["kube-version"],
        apiVersions: given["api-versions"],
      },
      context,
    );
    const noise = [...(given["show-chart-labels"] ? [] : defaultNoise), ...given.ignore.map(noiseRule)];
    const result = await preview(world, { noise, onProgress });
    await disk.prune();
    return result;
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    const code = error.code === "git-failed" ? "environment" : "not-found";
    throw new CliError(code, error.message, { cause: error });
  }
}

async function baseOf(repository: GitRepository, given: OptionValues<typeof options>, head: string): Promise<string> {
  const base = given.base ?? "origin/HEAD";
  if (given.base === undefined) {
    await repository.resolve(base).catch((error: unknown) => {
      throw new CliError("bad-usage", "there is no origin/HEAD to compare with", {
        hint: "name what to compare with: --base REF",
        cause: error,
      });
    });
  }
  if (!given["merge-base"]) return base;
  const common = await repository.mergeBase(await repository.resolve(base), await repository.resolve(head));
  if (common !== undefined) return common;
  throw new CliError("not-found", `${base} and ${head} have no commit in common`, {
    hint: "fetch more of the history, or leave --merge-base out",
  });
}

function report(result: PreviewResult, format: string | undefined, style?: Style): string {
  if (format === "markdown") return markdownReport(result);
  if (format === "html") return htmlReport(result);
  return terminalReport(result, style ?? plain);
}

const same = (text: string) => text;
const plain = { bold: same, dim: same, good: same, warning: same, bad: same };
