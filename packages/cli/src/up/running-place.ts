import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { CliError } from "../cli-error.ts";
import { controlFolder } from "./control-plan.ts";
import { findWorkspace, type WorkspacePlace } from "./workspace.ts";

/** Where the platform is that was started from here: what is up is found even where platform.yaml has gone since. */
export function findRunningPlace(cwd: string, given?: string): WorkspacePlace {
  try {
    return findWorkspace(cwd, given);
  } catch (error) {
    const root = error instanceof CliError ? startedFrom(resolve(cwd, given ?? ".")) : undefined;
    if (root === undefined) throw error;
    return { folder: given === undefined ? root : resolve(cwd, given), root, state: join(root, ".fairway") };
  }
}

function startedFrom(start: string): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(controlFolder(join(folder, ".fairway")), "plan.json"))) return folder;
    if (existsSync(join(folder, ".git")) || folder === dirname(folder)) return undefined;
  }
}
