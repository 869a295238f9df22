import { decode, YamlError } from "@fairway/yaml";
import { PreviewError } from "../errors.ts";
import { isObject, listAt, textAt, type JsonObject } from "../json-value.ts";
import { cleanPath, filesBelow, readText } from "../snapshot.ts";
import type { PreviewWorld } from "../world.ts";
import type { FolderSource } from "./resolved-source.ts";

/** A dependency that the repository does not carry, with what was found for it. */
export interface FoundDependency {
  /** Where Helm would have put it: `charts/redis-19.0.1.tgz`, or a folder. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Path to what identifies its content. */
  readonly identities: ReadonlyMap<string, string>;
}

/** What `helm dependency build` would fetch: dependencies of the chart that are not in its `charts` folder. */
export async function findDependencies(source: FolderSource, world: PreviewWorld): Promise<readonly FoundDependency[]> {
  const declared = declaredDependencies(source);
  const files = [...filesBelow(source.snapshot, source.folder).keys()].filter((path) => path.startsWith("charts/"));
  const missing = declared.filter((each) => !isCarried(each, files));
  return Promise.all(missing.map((each) => findDependency(each, source, world)));
}

interface Dependency {
  readonly name: string;
  readonly version: string;
  readonly repository: string;
}

function declaredDependencies(source: FolderSource): readonly Dependency[] {
  // Chart.yaml since v2, requirements.yaml before; the lock file has the exact versions.
  const declared = dependenciesIn(source, "Chart.yaml") ?? dependenciesIn(source, "requirements.yaml") ?? [];
  const locked = dependenciesIn(source, "Chart.lock") ?? dependenciesIn(source, "requirements.lock") ?? [];
  return declared.map((each) => {
    const lock = locked.find((other) => other.name === each.name && other.repository === each.repository);
    return lock ? { ...each, version: lock.version } : each;
  });
}

function dependenciesIn(source: FolderSource, name: string): readonly Dependency[] | undefined {
  const path = source.folder === "" ? name : `${source.folder}/${name}`;
  const text = readText(source.snapshot, path);
  const document = text === undefined ? undefined : decodeChartFile(text, path);
  if (!document || !Array.isArray(document["dependencies"])) return undefined;
  return listAt(document, "dependencies").map((each) => ({
    name: textAt(each, "name") ?? "",
    version: textAt(each, "version") ?? "",
    repository: textAt(each, "repository") ?? "",
  }));
}

function decodeChartFile(text: string, path: string): JsonObject | undefined {
  try {
    const document = decode(text);
    return isObject(document) ? document : undefined;
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw new PreviewError("invalid-manifest", `${path}: ${error.message}`, { cause: error });
  }
}

function isCarried(dependency: Dependency, files: readonly string[]): boolean {
  return files.some((path) => {
    const rest = path.slice("charts/".length);
    return (
      rest.startsWith(`${dependency.name}/`) ||
      (rest.startsWith(`${dependency.name}-`) && /-v?\d[^/]*\.tgz$/.test(rest))
    );
  });
}

async function findDependency(
  dependency: Dependency,
  source: FolderSource,
  world: PreviewWorld,
): Promise<FoundDependency> {
  const { name, version, repository } = dependency;
  if (repository.startsWith("file://")) return dependencyFolder(dependency, source);
  if (!/^(https?|oci):\/\//.test(repository)) {
    const where = repository === "" ? "no repository" : `the repository "${repository}"`;
    throw new PreviewError(
      "unreachable",
      `dependency ${name} of ${source.folder} names ${where}; write an https:// or oci:// address`,
    );
  }
  const chart = await world.chart({ repository, name, version });
  const path = `charts/${name}-${chart.version}.tgz`;
  return { files: new Map([[path, chart.archive]]), identities: new Map([[path, chart.digest]]) };
}

function dependencyFolder({ name, repository }: Dependency, { snapshot, folder }: FolderSource): FoundDependency {
  const found = cleanPath(`${folder}/${repository.slice("file://".length)}`);
  const below = found === undefined ? new Map<string, string>() : filesBelow(snapshot, found);
  if (found === undefined || below.size === 0) {
    throw new PreviewError("missing-file", `dependency ${name} of ${folder}: ${repository} is not in ${snapshot.name}`);
  }
  const files = new Map<string, Uint8Array>();
  const identities = new Map<string, string>();
  for (const [path, id] of below) {
    const content = snapshot.read(found === "" ? path : `${found}/${path}`);
    if (content) files.set(`charts/${name}/${path}`, content);
    identities.set(`charts/${name}/${path}`, id);
  }
  return { files, identities };
}
