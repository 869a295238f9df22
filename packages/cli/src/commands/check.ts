import { checkFiles, formatProblem, type Problem } from "@fairway/spec";
import { resolve } from "node:path";
import { CliError } from "../cli-error.ts";
import { defineCommand } from "../command/command.ts";
import { exitCode } from "../exit-code.ts";
import { readDescriptions } from "../platform-folder.ts";
import type { Style } from "../terminal/style.ts";

export const checkCommand = defineCommand({
  summary: "Check platform.yaml and every service.yaml",
  description:
    "Reads every description below a folder and reports all that is wrong with each, and between them: calls of unknown\nservices, events that nobody publishes, two services on one public path.",
  positionals: [{ name: "DIR", summary: "the platform's folder; this one by default" }],
  options: { strict: { type: "boolean", summary: "Warnings count as errors" } },
  examples: [
    { command: "fairway check", meaning: "Check the platform in this folder" },
    { command: "fairway check shop --json | jq '.problems[].message'", meaning: "Only the messages" },
  ],
  async run({ terminal, cwd }, { options, positionals }) {
    const folder = resolve(cwd, positionals[0] ?? ".");
    const files = await terminal.progress("reading descriptions", () => readDescriptions(folder));
    if (files.length === 0) {
      throw new CliError("not-found", `there is no platform.yaml and no service.yaml below ${folder}`, {
        hint: "fairway init makes a new platform",
      });
    }
    const { services, problems } = checkFiles(files);
    const texts = new Map(files.map((file) => [file.path, file.text]));
    const errors = problems.filter((problem) => problem.severity === "error").length;
    const counts = { files: files.length, services: services.length, errors, warnings: problems.length - errors };
    terminal.print({ ...counts, problems }, (style) =>
      [...described(problems, texts, style), verdict(counts, style)].join("\n\n"),
    );
    return errors > 0 || (options.strict && problems.length > 0) ? exitCode.problemsFound : exitCode.ok;
  },
});

function described(problems: readonly Problem[], texts: ReadonlyMap<string, string>, style: Style): readonly string[] {
  return problems.map((problem) => formatProblem(problem, texts.get(problem.file), style));
}

interface Counts {
  readonly files: number;
  readonly services: number;
  readonly errors: number;
  readonly warnings: number;
}

function verdict({ files, services, errors, warnings }: Counts, style: Style): string {
  const looked = `${count(files, "file")}, ${count(services, "service")}`;
  const trouble = [errors > 0 && count(errors, "error"), warnings > 0 && count(warnings, "warning")].filter(Boolean);
  const text = `${looked}: ${trouble.length > 0 ? trouble.join(", ") : "all fine"}`;
  return errors > 0 ? style.bad(text) : warnings > 0 ? style.warning(text) : style.good(text);
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
