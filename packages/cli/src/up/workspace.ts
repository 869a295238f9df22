import { checkFiles, formatProblem, nearestName, type Platform, type Problem, type Service } from "@fairway/spec";
import type { ServiceSource } from "@fairway/build";
import { existsSync, readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { CliError } from "../cli-error.ts";
import { readDescriptions } from "../platform-folder.ts";
import { plainStyle } from "../terminal/style.ts";

/** A platform as it lies on this machine. */
export interface Workspace {
  /** The folder of platform.yaml. */
  readonly folder: string;
  /** The repository around it: images are built from here. */
  readonly root: string;
  /** All that runs keeps its things in here. */
  readonly state: string;
  readonly platform: Platform;
  readonly services: readonly Service[];
  /** The services with their folders, from that of platform.yaml. */
  readonly sources: readonly ServiceSource[];
}

/** Where things are, without reading them. */
export interface WorkspacePlace {
  readonly folder: string;
  readonly root: string;
  readonly state: string;
}

/** The platform in this folder, above it, or in exactly one folder below it. */
export function findWorkspace(cwd: string, given?: string): WorkspacePlace {
  const folder = given === undefined ? search(cwd) : resolve(cwd, given);
  if (folder === undefined || !existsSync(join(folder, "platform.yaml"))) {
    throw new CliError("not-found", `there is no platform.yaml in ${folder ?? `${cwd}, above or below`}`, {
      hint: "fairway init makes a new platform; --platform DIR names its folder",
    });
  }
  const root = repositoryOf(folder) ?? folder;
  return { folder, root, state: join(root, ".fairway") };
}

/** With everything read and checked: what is wrong with a description is said before anything is done. */
export async function openWorkspace(cwd: string, given?: string): Promise<Workspace> {
  const place = findWorkspace(cwd, given);
  const files = await readDescriptions(place.folder);
  const { platform, services, problems } = checkFiles(files);
  const errors = problems.filter(({ severity }) => severity === "error");
  if (errors.length > 0 || platform === undefined) {
    const texts = new Map(files.map((file) => [file.path, file.text]));
    const said = errors.map((problem) => formatProblem(problem, texts.get(problem.file), plainStyle)).join("\n\n");
    throw new DescriptionError(place.folder, said, errors);
  }
  const sources = files.flatMap((file) =>
    checkFiles([file]).services.map((service) => ({ service, folder: dirname(file.path) })),
  );
  return { ...place, platform, services, sources };
}

/** What is described can't be run as it stands. */
export class DescriptionError extends CliError {
  readonly problems: readonly Problem[];

  constructor(folder: string, said: string, problems: readonly Problem[]) {
    super("invalid-input", `the descriptions in ${folder} are not right\n\n${said}`, {
      hint: "fairway check says it again",
    });
    this.name = "DescriptionError";
    this.problems = problems;
  }
}

export function environmentOf({ platform }: Workspace, wanted: string | undefined, last?: string): string {
  const names = platform.spec.environments.map(({ name }) => name);
  if (wanted === undefined && last !== undefined && names.includes(last)) return last;
  if (wanted === undefined) return names.includes("dev") ? "dev" : (names[0] ?? "dev");
  if (names.includes(wanted)) return wanted;
  throw unknownName("environment", wanted, names);
}

export function unknownName(what: string, wanted: string, names: readonly string[]): CliError {
  const near = nearestName(wanted, names);
  return new CliError("not-found", `there is no ${what} ${wanted}`, {
    hint: near === undefined ? `there are ${names.join(", ")}` : `did you mean ${near}? There are ${names.join(", ")}`,
  });
}

function search(cwd: string): string | undefined {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "platform.yaml"))) return folder;
    const below = existsSync(folder) ? platformsBelow(folder) : [];
    if (below.length === 1) return below[0];
    if (below.length > 1) {
      throw new CliError("bad-usage", `there are several platforms below ${folder}`, {
        hint: `choose one: ${below.map((each) => `--platform ${each}`).join(", ")}`,
      });
    }
    if (existsSync(join(folder, ".git")) || folder === dirname(folder)) return undefined;
  }
}

function platformsBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map((entry) => join(folder, entry.name))
    .filter((path) => existsSync(join(path, "platform.yaml")));
}

function repositoryOf(start: string): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, ".git"))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}
