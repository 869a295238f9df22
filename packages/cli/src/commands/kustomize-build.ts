import { buildKustomization, KustomizeError, type KustomizeFiles } from "@fairway/kustomize";
import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { CliError } from "../cli-error.ts";
import { defineCommand } from "../command/command.ts";
import { exitCode } from "../exit-code.ts";

export const kustomizeBuildCommand = defineCommand({
  summary: "Build a kustomization, as kubectl kustomize does",
  description:
    "Prints what kubectl kustomize prints, without kubectl. Plugins that run programs, and remote bases, are refused.",
  positionals: [{ name: "DIR", summary: "the folder of the kustomization; this one by default" }],
  options: {},
  examples: [
    { command: "fairway kustomize build overlays/prod", meaning: "Build an overlay" },
    { command: "fairway kustomize build overlays/prod --json | jq '.[].kind'", meaning: "The kinds in it" },
  ],
  async run({ terminal, cwd }, { positionals }) {
    const folder = resolve(cwd, positionals[0] ?? ".");
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
      throw new CliError("not-found", `${folder} is no folder`, {
        hint: "name the folder that holds kustomization.yaml",
      });
    }
    try {
      const built = await terminal.progress("building", () =>
        buildKustomization(realpathSync(folder), { files: diskFiles }),
      );
      for (const warning of built.warnings) terminal.note(warning);
      terminal.print(built.resources, () => built.text);
      return exitCode.ok;
    } catch (error) {
      if (!(error instanceof KustomizeError)) throw error;
      throw new CliError("invalid-input", error.message, { cause: error });
    }
  },
});

const diskFiles: KustomizeFiles = {
  read: (path) => whenThere(() => (statSync(path).isFile() ? readFileSync(path) : undefined)),
  list: (path) => whenThere(() => readdirSync(path)),
  realPath: (path) => whenThere(() => realpathSync(path)),
};

function whenThere<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}
