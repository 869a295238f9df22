import { accessSync, constants, existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { KubeletError, systemCodeOf } from "../kubelet-error.ts";
import type { ContainerView } from "./container-view.ts";
import { readElfProgram, readShebang } from "./elf-program.ts";

/** How the kernel of this machine runs a program of an image. */
export interface ProgramStart {
  readonly file: string;
  /** The name that the program sees as its own. */
  readonly name: string;
  readonly args: readonly string[];
}

export interface ProgramSearch {
  readonly view: ContainerView;
  readonly searchPath: string;
  readonly workingFolder: string;
  /** Programs of this machine that stand in for those that an image lacks, e.g. `node`. */
  readonly standIns: Readonly<Record<string, string>>;
}

const libraryFolders = ["/lib", "/usr/lib", "/lib64", "/usr/lib64", "/usr/local/lib"];

/** Finds the program of a command in the container's files; fails in the words of a container runtime. */
export function findProgram(command: readonly string[], search: ProgramSearch): ProgramStart {
  const [name = "", ...args] = command;
  const translated = args.map((arg) => search.view.translate(arg));
  const path = locate(name, search);
  if (path === undefined) {
    const standIn = search.standIns[name.slice(name.lastIndexOf("/") + 1)];
    if (standIn !== undefined) return { file: standIn, name, args: translated };
    throw notFound(name);
  }
  return startOf(path, translated, search);
}

function notFound(name: string): KubeletError {
  const why = name.includes("/") ? `stat ${name}: no such file or directory` : "executable file not found in $PATH";
  return new KubeletError(
    "start-failed",
    `failed to create containerd task: failed to create shim task: OCI runtime create failed: unable to start container process: exec: ${JSON.stringify(name)}: ${why}: unknown`,
  );
}

function locate(name: string, { view, searchPath, workingFolder }: ProgramSearch): string | undefined {
  if (name.startsWith("/")) return runnable(view.locate(name));
  if (name.includes("/")) return runnable(join(workingFolder, name));
  for (const folder of view.searchPath(searchPath).split(":")) {
    const found = folder === "" ? undefined : runnable(join(folder, name));
    if (found !== undefined) return found;
  }
  return undefined;
}

function runnable(path: string): string | undefined {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile() ? path : undefined;
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === "ENOENT" || code === "EACCES" || code === "ENOTDIR" || code === "ELOOP") return undefined;
    throw error;
  }
}

function startOf(path: string, args: readonly string[], search: ProgramSearch): ProgramStart {
  const shebang = readShebang(path);
  if (shebang !== undefined) {
    const interpreter = runnable(search.view.locate(shebang.interpreter));
    if (interpreter === undefined) return { file: path, name: path, args };
    const own = shebang.argument === undefined ? [] : [shebang.argument];
    if (shebang.interpreter.endsWith("/env") && shebang.argument !== undefined) {
      return findProgram([shebang.argument.replace(/^-S\s*/u, ""), path, ...args], search);
    }
    return startOf(interpreter, [...own, path, ...args], search);
  }
  const program = readElfProgram(path);
  if (program !== undefined && !isForHere(program.machine)) return standInFor(path, args, search);
  const loader = program?.loader;
  if (program === undefined || loader === undefined) return { file: path, name: path, args };
  // The machine's loader keeps the program's own name (Node.js starts itself again by it); the image's is for what this machine lacks.
  if (existsSync(loader) && program.needed.every(isOnMachine)) return { file: path, name: path, args };
  const own = runnable(search.view.locate(loader));
  if (own === undefined) return { file: path, name: path, args };
  const libraries = imageLibraries(search.view).join(":");
  return { file: own, name: own, args: ["--library-path", libraries, "--argv0", path, path, ...args] };
}

/** By this process's name of its processor. */
const machines: Readonly<Record<string, number>> = { x64: 62, arm64: 183 };

function isForHere(machine: number): boolean {
  return process.platform === "linux" && (machines[process.arch] ?? machine) === machine;
}

/** A program for another system can't run here, but what Node.js runs is the same everywhere. */
function standInFor(path: string, args: readonly string[], { standIns }: ProgramSearch): ProgramStart {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const file = standIns[name] ?? (name === "node" || name === "nodejs" ? process.execPath : undefined);
  if (file !== undefined) return { file, name: file, args };
  throw new KubeletError(
    "start-failed",
    `${name} is a program for Linux on another processor or system than this machine's (${process.platform}/${process.arch}): the process runtime runs such images by the machine's own programs, and only those of Node.js; use an image for this machine or the oci runtime on Linux`,
  );
}

const triplets: Readonly<Record<string, string>> = { x64: "x86_64-linux-gnu", arm64: "aarch64-linux-gnu" };

function withTriplet(folder: string): string[] {
  const triplet = triplets[process.arch];
  return triplet === undefined ? [folder] : [join(folder, triplet), folder];
}

function isOnMachine(library: string): boolean {
  return libraryFolders.flatMap(withTriplet).some((folder) => existsSync(join(folder, library)));
}

function imageLibraries(view: ContainerView): string[] {
  return libraryFolders
    .flatMap(withTriplet)
    .map((folder) => view.locate(folder))
    .filter((folder) => existsSync(folder));
}
