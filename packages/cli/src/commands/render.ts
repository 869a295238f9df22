import { laterTargets, ManifestsError, renderState } from "@fairway/manifests";
import { checkFiles, formatProblem, type Platform, type Service } from "@fairway/spec";
import { relative, resolve } from "node:path";
import { CliError } from "../cli-error.ts";
import { defineCommand } from "../command/command.ts";
import { exitCode } from "../exit-code.ts";
import { readDescriptions } from "../platform-folder.ts";
import { compareState, readStateFile, writeState, type StateDifference } from "../state/state-folder.ts";
import type { Style } from "../terminal/style.ts";

export const renderCommand = defineCommand({
  summary: "Render the state repository from the descriptions",
  description:
    "Writes a Helm chart for each service, the values of each environment and the namespaces they need. Files that are\nequal stay untouched, and of those that are no longer rendered only what was rendered before is removed.",
  positionals: [{ name: "DIR", summary: "the platform's folder; this one by default" }],
  options: {
    env: { type: "string", valueName: "ENV", summary: "Only what this environment needs" },
    out: { type: "string", valueName: "OUT", summary: "Where the state goes; DIR/iac-state by default" },
    check: { type: "boolean", summary: "Write nothing, and end with 1 if anything differs" },
  },
  examples: [
    { command: "fairway render", meaning: "Bring iac-state up to date" },
    { command: "fairway render --check", meaning: "In a pipeline: is the state that is committed the one described?" },
    { command: "fairway render --env dev --out /tmp/dev", meaning: "One environment, elsewhere" },
  ],
  async run({ terminal, cwd }, { options, positionals }) {
    const folder = resolve(cwd, positionals[0] ?? ".");
    const out = options.out === undefined ? resolve(folder, "iac-state") : resolve(cwd, options.out);
    const environment = options.env;
    return terminal.progress("rendering", async () => {
      const described = await readPlatform(folder);
      const versions = await readStateFile(out, "registry/versions.yaml");
      const state = {
        folder: out,
        files: rendered(() => renderState({ ...described, environment, versions })),
        covers: (path: string) => isOf(environment, path),
      };
      const difference = await compareState(state);
      if (!options.check) await writeState(state, difference);
      const left = laterTargets(described.platform, described.services);
      terminal.print({ folder: out, ...difference, left }, (style) =>
        [
          ...(options.check ? namesOf(difference) : []),
          verdict(difference, { where: relative(cwd, out) || out, isCheck: options.check, style }),
          style.dim(`not in it yet: ${left.join("; ")}`),
        ].join("\n"),
      );
      return options.check && countOf(difference) > 0 ? exitCode.problemsFound : exitCode.ok;
    });
  },
});

async function readPlatform(folder: string): Promise<{ platform: Platform; services: readonly Service[] }> {
  const files = await readDescriptions(folder);
  const { platform, services, problems } = checkFiles(files);
  const errors = problems.filter(({ severity }) => severity === "error");
  const [first] = errors;
  if (first) {
    const text = files.find(({ path }) => path === first.file)?.text;
    throw new CliError("invalid-input", formatProblem(first, text), {
      hint: errors.length > 1 ? `fairway check shows all ${errors.length} errors` : undefined,
    });
  }
  if (!platform) {
    throw new CliError("not-found", `there is no platform.yaml below ${folder}`, {
      hint: "fairway init makes a new platform",
    });
  }
  return { platform, services };
}

function rendered<T>(render: () => T): T {
  try {
    return render();
  } catch (error) {
    if (!(error instanceof ManifestsError) || error.code === "defect") throw error;
    const code = error.code === "unknown-environment" ? "bad-usage" : "invalid-input";
    throw new CliError(code, error.message, { cause: error });
  }
}

/** Whether one environment needs a file: its own ones, and what all have in common. */
function isOf(environment: string | undefined, path: string): boolean {
  const [top, second] = path.split("/");
  return environment === undefined || !["environments", "base"].includes(top ?? "") || second === environment;
}

function namesOf({ added, changed, removed }: StateDifference): readonly string[] {
  const named = (word: string, paths: readonly string[]) => paths.map((path) => `${word} ${path}`);
  return [...named("missing", added), ...named("differs", changed), ...named("surplus", removed)];
}

function countOf({ added, changed, removed }: StateDifference): number {
  return added.length + changed.length + removed.length;
}

interface Telling {
  readonly where: string;
  readonly isCheck: boolean;
  readonly style: Style;
}

function verdict(difference: StateDifference, { where, isCheck, style }: Telling): string {
  const { added, changed, removed, unchanged } = difference;
  if (countOf(difference) === 0) return style.good(`${where} is up to date: ${unchanged} files`);
  const counts = [
    added.length > 0 && `${added.length} ${isCheck ? "missing" : "new"}`,
    changed.length > 0 && `${changed.length} ${isCheck ? "different" : "changed"}`,
    removed.length > 0 && `${removed.length} ${isCheck ? "surplus" : "removed"}`,
    `${unchanged} as they were`,
  ].filter((each) => each !== false);
  const text = `${where}: ${counts.join(", ")}`;
  return isCheck ? style.bad(`${text}; fairway render brings it up to date`) : style.good(text);
}
