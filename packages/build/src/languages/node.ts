import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { textFile, type ImageEntry } from "../archive/image-entry.ts";
import { BuildError, messageOf } from "../build-error.ts";
import type { LayerSource } from "../layers/layer-cache.ts";
import { digestOf } from "../oci/descriptor.ts";
import { workingFolder } from "../oci/image-config.ts";
import { dataFiles, fileEntry, markOf } from "../services/service-files.ts";
import { bundleService, type Bundle, type BundleFile } from "./bundle.ts";
import type { LanguageContext, LanguageParts } from "./language-build.ts";
import { nodeBinary } from "./node-binary.ts";
import { nodeLayer, nodePath } from "./node-layer.ts";

/** TypeScript and JavaScript: Node, what the service is built on, and its own code in a few kilobytes. */
export async function buildNodeService(context: LanguageContext): Promise<LanguageParts> {
  const { architecture, cache, folder, repository, signal } = context;
  const given = context.programOf(["node"]);
  const node = given === undefined ? await nodeBinary(architecture, cache, signal) : undefined;
  const bundle = await bundleService(repository, folder);
  return {
    programs: node === undefined ? [] : [node.path],
    layers: [
      ...(node === undefined ? [] : [nodeLayer(node.path)]),
      dependencyLayer(bundle),
      serviceLayer(bundle, folder),
    ],
    entrypoint: [given ?? `/${nodePath}`],
    command: ["--enable-source-maps", "dist/main.js"],
    environment: ["NODE_ENV=production"],
    version: versionOf(folder),
    inputs: [...bundle.inputs, ...lockFiles(folder, repository), ...(node === undefined ? [] : [node.path])],
  };
}

/** They are in the bundle. */
const nodeSources: readonly RegExp[] = [
  /^src\//u,
  /^(?:package(?:-lock)?\.json|npm-shrinkwrap\.json|tsconfig[^/]*\.json|[^/]*\.config\.[cm]?[jt]s)$/u,
  /\.(?:[cm]?tsx?)$/u,
  /\.(?:test|spec)\.[cm]?jsx?$/u,
];

function dependencyLayer({ dependencies }: Bundle): LayerSource {
  return textLayer("dependencies", dependencies);
}

function serviceLayer({ own }: Bundle, folder: string): LayerSource {
  // Node asks the nearest package.json which kind of modules it finds; nothing else in it is of use at run time.
  const texts = [...own, { path: "package.json", text: `{"type":"module"}\n` }];
  const data = dataFiles(folder, nodeSources);
  const { key, entries } = textLayer("service", texts);
  return {
    key: [...key, ...data.flatMap(markOf)],
    isShared: false,
    entries: async () => [...(await entries()), ...data.map((file) => fileEntry(file))],
  };
}

function textLayer(name: string, files: readonly BundleFile[]): LayerSource {
  const entries = files.map(({ path, text }): ImageEntry => textFile(`${workingFolder}/${path}`, text));
  const key = [name, ...files.flatMap(({ path, text }) => [path, digestOf(Buffer.from(text))])];
  return { key, isShared: false, entries: () => entries };
}

/** What they say about versions can change what is bundled. */
function lockFiles(folder: string, repository: string): readonly string[] {
  const paths: string[] = [];
  for (let at = folder; at.startsWith(repository); at = dirname(at)) {
    paths.push(join(at, "package-lock.json"));
    if (at === dirname(at)) break;
  }
  return paths;
}

function versionOf(folder: string): string | undefined {
  const path = join(folder, "package.json");
  if (!existsSync(path)) return undefined;
  try {
    const { version }: { readonly version?: unknown } = JSON.parse(readFileSync(path, "utf8"));
    return typeof version === "string" ? version : undefined;
  } catch (error) {
    throw new BuildError("invalid_file", `${path} can't be read: ${messageOf(error)}`, error);
  }
}
