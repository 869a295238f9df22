import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { BuildError } from "../build-error.ts";
import { readElf } from "../elf/elf-file.ts";
import type { LayerSource } from "../layers/layer-cache.ts";
import { digestOf } from "../oci/descriptor.ts";
import { workingFolder } from "../oci/image-config.ts";
import { runTool } from "../run-tool.ts";
import { dataFiles, fileEntry, listSources, markOf } from "../services/service-files.ts";
import { folderEntries } from "./folder-layer.ts";
import type { LanguageContext, LanguageParts } from "./language-build.ts";
import { preparedFolder } from "./prepared-folder.ts";

const javaSources: readonly RegExp[] = [/\.java$/u, /^(?:src|out|build)\//u];
const roots = ["src/main/java", "src"];
const runtimePath = "usr/lib/java";
const classesPath = `${workingFolder}/classes`;

/** Java: a runtime of only the modules that the service needs, linked by the machine's JDK, and its classes. */
export async function buildJavaService(context: LanguageContext): Promise<LanguageParts> {
  const { folder } = context;
  const { classes, main } = await compile(context);
  const start = ["-XX:MaxRAMPercentage=70", "-cp", `/${classesPath}`, main];
  const given = context.programOf(["java"]);
  const rest = { command: start, environment: [], version: undefined, inputs: [] };
  if (given !== undefined) {
    return { programs: [], layers: [classLayer(classes, folder)], entrypoint: [given], ...rest };
  }
  const runtime = await linkRuntime(classes, context);
  const natives = folderEntries(runtime, "").filter(({ path }) => /(?:^|\/)(?:java|[^/]+\.so)$/u.test(path));
  return {
    programs: natives.map(({ path }) => join(runtime, path)),
    layers: [
      { key: ["java", runtime], isShared: true, entries: () => folderEntries(runtime, runtimePath) },
      classLayer(classes, folder),
    ],
    entrypoint: [`/${runtimePath}/bin/java`],
    ...rest,
  };
}

async function compile({ cache, folder, signal }: LanguageContext): Promise<{ classes: string; main: string }> {
  const tool = ["pom.xml", "build.gradle", "build.gradle.kts"].find((path) => existsSync(join(folder, path)));
  if (tool !== undefined) {
    throw new BuildError(
      "unsupported_language",
      `${folder} is built by ${tool}, which its Dockerfile runs: build it with --engine buildah or --engine docker`,
    );
  }
  const root = roots.find((path) => existsSync(join(folder, path)));
  const files = listSources(folder).filter(({ path }) => path.endsWith(".java") && path.startsWith(`${root ?? ""}/`));
  const mains = files.filter(({ path }) => /(?:^|\/)Main\.java$/u.test(path));
  const [main] = mains;
  if (root === undefined || main === undefined || mains.length > 1) {
    const found = mains.length > 1 ? `${mains.length} files` : "no file";
    throw new BuildError(
      "invalid_file",
      `${folder} has ${found} Main.java below src: a Java service begins in the one it has`,
    );
  }
  const texts = await Promise.all(files.map(({ source }) => readFile(source)));
  const key = ["classes 1", await runTool("javac", ["-version"], { signal }), ...texts.map(digestOf)];
  const classes = await preparedFolder(cache, key, async (draft) => {
    await runTool("javac", ["-g", "-d", draft, ...files.map(({ path }) => path)], { cwd: folder, signal });
  });
  return { classes, main: main.path.slice(root.length + 1, -".java".length).replaceAll("/", ".") };
}

async function linkRuntime(classes: string, { architecture, cache, signal }: LanguageContext): Promise<string> {
  const needed = await runTool("jdeps", ["--print-module-deps", "--ignore-missing-deps", classes], { signal });
  const version = await runTool("jlink", ["--version"], { signal });
  const known = await runTool("java", ["--list-modules"], { signal });
  // Certificates with elliptic curves: nothing says that it needs them until it meets one.
  const extra = /^jdk\.crypto\.ec@/mu.test(known) ? ["jdk.crypto.ec"] : [];
  const modules = [...new Set([...needed.trim().split(","), ...extra])].toSorted();
  const runtime = await preparedFolder(cache, ["java 1", version, known, ...modules], async (draft) => {
    await mkdir(draft, { recursive: true });
    const options = ["--strip-java-debug-attributes", "--no-header-files", "--no-man-pages"];
    // It makes the folder itself, and is told no other.
    await runTool("jlink", ["--add-modules", modules.join(), ...options, "--output", join(draft, "runtime")], {
      signal,
    });
  });
  const folder = join(runtime, "runtime");
  if (readElf(join(folder, "bin", "java"))?.architecture === architecture) return folder;
  throw new BuildError(
    "missing_runtime",
    `the JDK of this machine makes no runtime for linux/${architecture}: give a base image that has one, with --base REF (gcr.io/distroless/java21-debian12, for instance)`,
  );
}

function classLayer(classes: string, folder: string): LayerSource {
  const data = dataFiles(folder, javaSources);
  return {
    key: ["classes", classes, ...data.flatMap(markOf)],
    isShared: false,
    entries: () => [...folderEntries(classes, classesPath), ...data.map((file) => fileEntry(file))],
  };
}
