import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { BuildError } from "../build-error.ts";
import { readElf } from "../elf/elf-file.ts";
import { programWithoutSymbols } from "../elf/without-symbols.ts";
import { fileMark } from "../layers/file-mark.ts";
import type { LayerSource } from "../layers/layer-cache.ts";
import { workingFolder } from "../oci/image-config.ts";
import { runTool } from "../run-tool.ts";
import { dataFiles, fileEntry, listSources, markOf } from "../services/service-files.ts";
import { folderEntries } from "./folder-layer.ts";
import type { LanguageContext, LanguageParts } from "./language-build.ts";
import { preparedFolder } from "./prepared-folder.ts";

interface Interpreter {
  readonly program: string;
  /** `3.11` */
  readonly version: string;
  readonly build: string;
  readonly library: string;
}

/** Of its library: what is there to test, to draw windows, to talk to a terminal, and to install and package. */
const notInLibrary: readonly RegExp[] = [
  /(?:^|\/)(?:tests?|__pycache__|idlelib|idle_test|lib2to3|tkinter|turtledemo|ensurepip|pydoc_data|distutils|site-packages|dist-packages|config-[^/]*)(?:\/|$)/u,
  /^(?:turtle|antigravity|this|pydoc|sitecustomize|LICENSE[^/]*|EXTERNALLY-MANAGED)(?:\.py|\.txt)?$/u,
  /^lib-dynload\/(?:_test|_xxtest|xx|_ctypes_test|_tkinter|_curses|readline|nis|ossaudiodev|_dbm|_gdbm)/u,
];

const pythonSources: readonly RegExp[] = [
  /^(?:requirements[^/]*\.txt|pyproject\.toml|setup\.(?:py|cfg)|tox\.ini|uv\.lock|poetry\.lock|Pipfile(?:\.lock)?)$/u,
];

/** Python: the interpreter of this machine with its standard library, packages of requirements.txt, and the sources. */
export async function buildPythonService(context: LanguageContext): Promise<LanguageParts> {
  const { folder } = context;
  const given = context.programOf(["python3"]);
  if (given !== undefined) return onBase(given, folder);
  const interpreter = await findInterpreter(context);
  const program = join("usr/bin", `python${interpreter.version}`);
  const runtime = await libraryFolder(interpreter, context);
  const dependencies = await dependencyFolder(interpreter, context);
  const folders = [runtime, ...(dependencies === undefined ? [] : [dependencies])];
  return {
    programs: [interpreter.program, ...folders.flatMap(extensionsIn)],
    layers: [
      {
        key: ["python", fileMark(interpreter.program), runtime],
        isShared: true,
        entries: () => [
          programWithoutSymbols(program, interpreter.program),
          { kind: "link", path: "usr/bin/python3", target: `python${interpreter.version}` },
          ...folderEntries(runtime, `usr/lib/python${interpreter.version}`),
        ],
      },
      ...(dependencies === undefined ? [] : [packagesLayer(dependencies)]),
      sourceLayer(folder),
    ],
    entrypoint: ["/usr/bin/python3"],
    command: startOf(folder),
    environment: [
      "PYTHONDONTWRITEBYTECODE=1",
      "PYTHONUNBUFFERED=1",
      ...(dependencies === undefined ? [] : [`PYTHONPATH=/${packagesPath}`]),
    ],
    version: undefined,
    inputs: [interpreter.program],
  };
}

/** A base that has Python has its own idea of where packages are: there the service is its sources alone. */
function onBase(python: string, folder: string): LanguageParts {
  if (hasRequirements(folder)) {
    throw new BuildError(
      "unsupported_language",
      `${folder} has a requirements.txt, whose packages belong to one build of Python: leave --base out, or build it with --engine buildah`,
    );
  }
  return {
    programs: [],
    layers: [sourceLayer(folder)],
    entrypoint: [python],
    command: startOf(folder),
    environment: ["PYTHONDONTWRITEBYTECODE=1", "PYTHONUNBUFFERED=1"],
    version: undefined,
    inputs: [],
  };
}

function hasRequirements(folder: string): boolean {
  const list = join(folder, "requirements.txt");
  return existsSync(list) && /^\s*[^#\s]/mu.test(readFileSync(list, "utf8"));
}

const packagesPath = `${workingFolder}/packages`;

async function findInterpreter({ architecture, signal }: LanguageContext): Promise<Interpreter> {
  const question = `import json, sys, sysconfig
print(json.dumps({"program": sys.executable, "version": "%d.%d" % sys.version_info[:2], "build": sys.version, "library": sysconfig.get_path("stdlib")}))`;
  const found: Interpreter = JSON.parse(await runTool("python3", ["-I", "-c", question], { signal }));
  const program = realpathSync(found.program);
  if (readElf(program)?.architecture === architecture) return { ...found, program };
  throw new BuildError(
    "missing_runtime",
    `the Python of this machine (${program}) is none for linux/${architecture}: give a base image that has one, with --base REF (gcr.io/distroless/python3-debian12, for instance)`,
  );
}

/** The standard library, compiled once: nobody can write what is compiled beside it when the service runs. */
function libraryFolder({ build, library, program, version }: Interpreter, context: LanguageContext): Promise<string> {
  const { cache, signal } = context;
  return preparedFolder(cache, ["python 1", fileMark(program), build, library], async (draft) => {
    const isWanted = (source: string): boolean => {
      const path = source.slice(library.length + 1);
      return path === "" || (!notInLibrary.some((pattern) => pattern.test(path)) && isLoadable(source, context));
    };
    await cp(library, draft, { recursive: true, dereference: true, filter: isWanted });
    await compileAll(draft, `/usr/lib/python${version}`, signal);
  });
}

/** A module whose libraries the machine does not have could not be imported here either. */
function isLoadable(source: string, { findLibraries }: LanguageContext): boolean {
  if (!source.endsWith(".so")) return true;
  try {
    findLibraries([source]);
    return true;
  } catch (error) {
    if (error instanceof BuildError && error.code === "missing_library") return false;
    throw error;
  }
}

/** By content, so that times are of no account; strings are hashed alike in every run. */
async function compileAll(folder: string, place: string, signal: AbortSignal): Promise<void> {
  const args = [
    "-S",
    "-m",
    "compileall",
    "-q",
    "--invalidation-mode",
    "unchecked-hash",
    "-s",
    folder,
    "-p",
    place,
    folder,
  ];
  await runTool("python3", args, { env: { PYTHONHASHSEED: "0", PYTHONPATH: undefined }, signal });
}

async function dependencyFolder(
  { build, program }: Interpreter,
  context: LanguageContext,
): Promise<string | undefined> {
  const { cache, folder, signal } = context;
  const list = join(folder, "requirements.txt");
  if (!hasRequirements(folder)) return undefined;
  return preparedFolder(cache, ["packages 1", fileMark(program), build, readFileSync(list, "utf8")], async (draft) => {
    const pip = ["-m", "pip", "install", "--no-compile", "--no-warn-script-location", "--target", draft, "-r", list];
    await runTool("python3", pip, { env: { PIP_DISABLE_PIP_VERSION_CHECK: "1" }, signal });
    await compileAll(draft, `/${packagesPath}`, signal);
  });
}

function extensionsIn(folder: string): readonly string[] {
  return folderEntries(folder, "")
    .filter(({ path }) => /\.so(?:\.[\d.]+)?$/u.test(path))
    .map(({ path }) => join(folder, path));
}

function packagesLayer(folder: string): LayerSource {
  // Programs of packages begin with a path of this machine, and what pip noted down says when and from where.
  const isWanted = (path: string): boolean =>
    !/^bin\/|\.dist-info\/(?:RECORD|INSTALLER|REQUESTED|direct_url\.json)$/u.test(path);
  return { key: ["packages", folder], isShared: false, entries: () => folderEntries(folder, packagesPath, isWanted) };
}

function sourceLayer(folder: string): LayerSource {
  const files = dataFiles(folder, pythonSources);
  return {
    key: ["sources", ...files.flatMap(markOf)],
    isShared: false,
    entries: () => files.map((file) => fileEntry(file)),
  };
}

/** `python3 -m PACKAGE` of the one package that can be run, or the main file. */
function startOf(folder: string): readonly string[] {
  const packages = listSources(folder).flatMap(({ path }) => /^([A-Za-z_]\w*)\/__main__\.py$/u.exec(path)?.[1] ?? []);
  const name = packages.find((each) => !["tests", "test"].includes(each));
  if (name !== undefined) return ["-m", name];
  const file = ["main.py", "app.py"].find((path) => statSync(join(folder, path), { throwIfNoEntry: false })?.isFile());
  if (file !== undefined) return [file];
  throw new BuildError(
    "invalid_file",
    `${folder} has neither a package with __main__.py nor main.py nor app.py: a Python service begins in one of them`,
  );
}
