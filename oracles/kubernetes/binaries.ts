import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { cacheFolder, contentKey } from "../machine/cache.ts";
import { OracleError } from "../machine/oracle-error.ts";
import { spokenSeconds } from "../machine/report.ts";
import type { Report } from "../machine/report.ts";
import { run, runOrFail } from "../machine/run.ts";
import { requireTools } from "../machine/tools.ts";
import { binaryRecipes } from "./data/binaries.ts";
import type { BinaryName, BinaryRecipe } from "./data/binaries.ts";

const modulesFolder = join(import.meta.dirname, "modules");

export interface BinaryOptions {
  readonly report: Report;
  /** Give up (with a reason) instead of starting builds that need longer than this. */
  readonly budgetSeconds?: number;
}

/** Where a binary is once it is built. Its name holds the hash of everything that it is made from. */
export function binaryPath(name: BinaryName): string {
  return join(cacheFolder(), "bin", `${name}-${recipeKey(binaryRecipes[name])}`);
}

export function isBuilt(name: BinaryName): boolean {
  return existsSync(binaryPath(name));
}

export function missingBinaries(names: readonly BinaryName[]): BinaryName[] {
  return [...new Set(names)].filter((name) => !isBuilt(name));
}

/** An estimate for the builds that are still to do, from times measured on two cores with nothing compiled yet. */
export function estimateSeconds(names: readonly BinaryName[], cores = availableParallelism()): number {
  const seconds = missingBinaries(names).reduce((sum, name) => sum + binaryRecipes[name].secondsOnTwoCores, 0);
  return Math.round((seconds * 2) / Math.max(1, Math.min(cores, 8)));
}

/** Builds what is missing and gives the path of each. */
export async function ensureBinaries<Name extends BinaryName>(
  names: readonly Name[],
  options: BinaryOptions,
): Promise<Record<Name, string>> {
  const missing = missingBinaries(names);
  const estimate = estimateSeconds(names);
  if (missing.length > 0) {
    if (options.budgetSeconds !== undefined && estimate > options.budgetSeconds) {
      const times = `about ${spokenSeconds(estimate)}, and ${spokenSeconds(options.budgetSeconds)} are left`;
      throw new OracleError("build-failed", `${missing.join(", ")} not built yet: building takes ${times}`);
    }
    requireTools(["go"]);
    options.report(`to build: ${missing.join(", ")}; about ${spokenSeconds(estimate)}, this once`);
    for (const name of missing) await build(name, options.report);
  }
  const paths: Partial<Record<Name, string>> = {};
  for (const name of names) paths[name] = binaryPath(name);
  return paths as Record<Name, string>;
}

function recipeKey(recipe: BinaryRecipe): string {
  const folder = join(modulesFolder, recipe.module);
  const sources = readdirSync(folder)
    .filter((file) => file === "go.mod" || file === "go.sum" || file.endsWith(".go"))
    .sort();
  const contents = sources.flatMap((file) => [file, readFileSync(join(folder, file))]);
  return contentKey([process.arch, recipe.package, recipe.kind, recipe.ldflags, ...contents]);
}

async function build(name: BinaryName, report: Report): Promise<void> {
  const recipe = binaryRecipes[name];
  const cwd = join(modulesFolder, recipe.module);
  const target = binaryPath(name);
  const unfinished = `${target}.${process.pid}`;
  mkdirSync(join(cacheFolder(), "bin"), { recursive: true });
  const started = performance.now();
  const env = { CGO_ENABLED: "0", GOFLAGS: "-trimpath -mod=readonly" };
  const listed = await runOrFail(
    ["go", "list", "-deps", ...(recipe.kind === "test" ? ["-test"] : []), recipe.package],
    {
      cwd,
      env,
    },
  );
  const progress = compileProgress(name, listed.trim().split("\n").length, report);
  const verb = recipe.kind === "test" ? ["test", "-c"] : ["build"];
  const result = await run(["go", ...verb, "-v", "-ldflags", recipe.ldflags, "-o", unfinished, recipe.package], {
    cwd,
    env,
    onErrorLine: progress,
  });
  if (result.code !== 0) {
    rmSync(unfinished, { force: true });
    const said = result.stderr.trim().split("\n").slice(-10).join("\n");
    throw new OracleError("build-failed", `go could not build ${name}:\n${said}`);
  }
  renameSync(unfinished, target);
  report(`${name}: built in ${spokenSeconds((performance.now() - started) / 1000)}`);
}

/** `go build -v` names each package as it is compiled; what the build cache has is not named, so the total is a bound. */
function compileProgress(name: string, packages: number, report: Report): (line: string) => void {
  const everyMs = 10_000;
  let compiled = 0;
  let reported = performance.now();
  return (line) => {
    if (line.startsWith("go: ") || line.startsWith("#")) return;
    compiled += 1;
    if (performance.now() - reported < everyMs) return;
    reported = performance.now();
    report(`${name}: ${compiled} packages compiled of at most ${packages}`);
  };
}
