import { sep } from "node:path";
import { CliError } from "../cli-error.ts";

/** Runs a task that reads the sources below a folder; one that goes meanwhile, as when another branch is checked out, is told as such. */
export async function withSteadySources<T>(folder: string, task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    const gone = goneBelow(folder, error);
    if (gone === undefined) throw error;
    throw new CliError("environment", `${gone} was there, and went while it was read`, {
      hint: "what else changes the folder, such as git checkout, has to end first; then run the command again",
      cause: error,
    });
  }
}

function goneBelow(folder: string, error: unknown): string | undefined {
  for (let each = error; each instanceof Error; each = each.cause) {
    const { code, path } = each as NodeJS.ErrnoException;
    if (code === "ENOENT" && path?.startsWith(folder + sep)) return path;
  }
  return undefined;
}
