import { existsSync } from "node:fs";
import { join, sep } from "node:path";
import { rolldown, type OutputAsset, type OutputChunk } from "rolldown";
import { BuildError, messageOf } from "../build-error.ts";

export interface BundleFile {
  /** From the working folder: `dist/main.js`. */
  readonly path: string;
  readonly text: string;
}

export interface Bundle {
  /** The service's own code, which changes often and is small. */
  readonly own: readonly BundleFile[];
  /** What it is built on. */
  readonly dependencies: readonly BundleFile[];
  /** Files that it was made from. */
  readonly inputs: readonly string[];
}

const entries = ["src/main.ts", "src/main.js", "src/index.ts", "src/index.js", "main.ts", "main.js"];

/** Asked for by packages that do without. */
const optionalPackages = ["pg-native", "pg-cloudflare"];

/** Bundles a service in memory: its own modules are one file, everything else another, dynamic imports stay apart. */
export async function bundleService(repository: string, folder: string): Promise<Bundle> {
  const entry = entries.map((path) => join(folder, path)).find((path) => existsSync(path));
  if (entry === undefined) {
    throw new BuildError(
      "invalid_file",
      `${folder} has none of ${entries.join(", ")}: a service begins in one of them`,
    );
  }
  const isOwn = (id: string): boolean => id.startsWith(folder + sep) && !id.includes(`${sep}node_modules${sep}`);
  try {
    const bundle = await rolldown({
      // Comments name modules from here, wherever the command was started.
      cwd: repository,
      input: { main: entry },
      platform: "node",
      external: [/^node:/, ...optionalPackages],
      onLog: (level, log, report) => report(level === "warn" ? "error" : level, log),
    });
    const { output } = await bundle.generate({
      // As deep as src, so that files beside it are found the same way from both.
      dir: join(folder, "dist"),
      format: "esm",
      sourcemap: true,
      entryFileNames: "[name].js",
      chunkFileNames: "[name]-[hash].js",
      codeSplitting: {
        groups: [{ name: "dependencies", test: (id) => !isOwn(id), tags: ["$initial"] }],
      },
    });
    await bundle.close();
    return divide(output, isOwn);
  } catch (error) {
    if (error instanceof BuildError) throw error;
    throw new BuildError("compile_failed", `${folder} can't be bundled: ${messageOf(error)}`, error);
  }
}

function divide(output: readonly (OutputChunk | OutputAsset)[], isOwn: (id: string) => boolean): Bundle {
  const chunks = output.filter((each) => each.type === "chunk");
  const foreign = new Set(
    chunks
      .filter(({ isEntry, moduleIds }) => !isEntry && !moduleIds.some(isOwn))
      .flatMap(({ fileName }) => [fileName, `${fileName}.map`]),
  );
  const files = output.map((each) => {
    const text = each.type === "chunk" ? each.code : withoutSources(String(each.source));
    return { path: `dist/${each.fileName}`, text, isForeign: foreign.has(each.fileName) };
  });
  return {
    own: files.filter((file) => !file.isForeign),
    dependencies: files.filter((file) => file.isForeign),
    inputs: chunks.flatMap(({ moduleIds }) => moduleIds).filter((id) => id.startsWith(sep) && existsSync(id)),
  };
}

/** A stack trace needs names and places; the sources themselves are in Git. */
function withoutSources(map: string): string {
  const { sourcesContent: _, ...rest } = JSON.parse(map) as Record<string, unknown>;
  return JSON.stringify(rest);
}
