import { PreviewError } from "../errors.ts";
import { isObject, listAt, textAt, type JsonObject } from "../json-value.ts";
import { byCodeUnit, readText, type Snapshot } from "../snapshot.ts";
import { decodeObjects } from "./decode-objects.ts";
import { withValues, type GeneratorRun } from "./generator-run.ts";
import { pathMatch, pathspecMatch } from "./glob.ts";
import { flatten, normalizedName, type Parameters } from "./parameters.ts";

interface Selection {
  readonly include: readonly ((path: string) => boolean)[];
  readonly exclude: readonly ((path: string) => boolean)[];
}

/** A set of parameters for each folder that the patterns select. */
export function directoryParameters(settings: JsonObject, run: GeneratorRun): readonly Parameters[] {
  const selection = selectionOf(settings, "directories", pathMatch);
  return foldersOf(snapshotFor(settings, run))
    .filter((folder) => isSelected(folder, selection))
    .map((folder) => withValues(pathParameters(settings, run, { folder }), settings, run.template));
}

/** A set of parameters for each object in each file that the patterns select. */
export function fileParameters(settings: JsonObject, run: GeneratorRun): readonly Parameters[] {
  const snapshot = snapshotFor(settings, run);
  const selection = selectionOf(settings, "files", pathspecMatch);
  const paths = [...snapshot.files.keys()].filter((path) => isSelected(path, selection)).toSorted(byCodeUnit);
  return paths.flatMap((path) => {
    const slash = path.lastIndexOf("/");
    const place = { folder: slash === -1 ? "." : path.slice(0, slash), file: path.slice(slash + 1) };
    return decodeObjects(readText(snapshot, path) ?? "", path).map((object) => {
      const own = run.template.isGoTemplate ? object : flatten(object);
      return withValues({ ...own, ...pathParameters(settings, run, place) }, settings, run.template);
    });
  });
}

function snapshotFor(settings: JsonObject, run: GeneratorRun): Snapshot {
  const url = textAt(settings, "repoURL");
  if (url === undefined) throw new PreviewError("invalid-application", "a git generator has no repoURL");
  return run.world.repository(url, textAt(settings, "revision") ?? "HEAD");
}

function selectionOf(
  settings: JsonObject,
  list: string,
  matcher: (pattern: string) => (path: string) => boolean,
): Selection {
  const items = listAt(settings, list).filter(isObject);
  const matchers = (excluded: boolean) =>
    items.filter((item) => (item["exclude"] === true) === excluded).map((item) => matcher(textAt(item, "path") ?? ""));
  return { include: matchers(false), exclude: matchers(true) };
}

function isSelected(path: string, selection: Selection): boolean {
  return selection.include.some((matches) => matches(path)) && !selection.exclude.some((matches) => matches(path));
}

/** Every folder that holds a file somewhere below it. Hidden ones are passed over, as Argo CD does. */
function foldersOf(snapshot: Snapshot): readonly string[] {
  const folders = new Set<string>();
  for (const path of snapshot.files.keys()) {
    for (let slash = path.lastIndexOf("/"); slash > 0; slash = path.lastIndexOf("/", slash - 1)) {
      const folder = path.slice(0, slash);
      if (folders.has(folder)) break;
      if (!folder.split("/").some((segment) => segment.startsWith("."))) folders.add(folder);
    }
  }
  return [...folders].toSorted(byCodeUnit);
}

interface Place {
  readonly folder: string;
  readonly file?: string;
}

function pathParameters(settings: JsonObject, run: GeneratorRun, { folder, file }: Place): Parameters {
  const prefix = textAt(settings, "pathParamPrefix") ?? "";
  const segments = folder.split("/");
  const basename = segments.at(-1) ?? "";
  if (run.template.isGoTemplate) {
    const fileNames = file === undefined ? {} : { filename: file, filenameNormalized: normalizedName(file) };
    const path = { path: folder, basename, basenameNormalized: normalizedName(basename), segments, ...fileNames };
    return prefix === "" ? { path } : { [prefix]: { path } };
  }
  const name = prefix === "" ? "path" : `${prefix}.path`;
  const flat: Record<string, string> = {
    [name]: folder,
    [`${name}.basename`]: basename,
    [`${name}.basenameNormalized`]: normalizedName(basename),
  };
  if (file !== undefined) {
    flat[`${name}.filename`] = file;
    flat[`${name}.filenameNormalized`] = normalizedName(file);
  }
  for (const [index, segment] of segments.entries()) if (segment !== "") flat[`${name}[${index}]`] = segment;
  return flat;
}
