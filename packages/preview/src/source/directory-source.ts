import { decodeAll, YamlError } from "@fairway/yaml";
import { looseMatch } from "../applicationset/glob.ts";
import { PreviewError } from "../errors.ts";
import { textAt } from "../json-value.ts";
import { manifestsOf, type Manifest } from "../manifest.ts";
import { byCodeUnit, filesBelow, readText } from "../snapshot.ts";
import type { FolderSource } from "./resolved-source.ts";

/** A file may ask not to be taken for a manifest. */
const skipMark = "+argocd:skip-file-rendering";

/** The files of a plain folder that are manifests, relative to it. */
export function manifestFiles({ snapshot, folder, source }: FolderSource): readonly string[] {
  const recurse = source.directory?.["recurse"] === true;
  const included = selector(textAt(source.directory, "include"));
  const excluded = selector(textAt(source.directory, "exclude"));
  return [...filesBelow(snapshot, folder).keys()]
    .filter((path) => /\.(ya?ml|json|jsonnet)$/i.test(path))
    .filter((path) => recurse || !path.includes("/"))
    .filter((path) => (included?.(path) ?? true) && !(excluded?.(path) ?? false))
    .toSorted(byCodeUnit);
}

export function renderDirectory(source: FolderSource): readonly Manifest[] {
  return manifestFiles(source).flatMap((file) => {
    const path = source.folder === "" ? file : `${source.folder}/${file}`;
    if (file.endsWith(".jsonnet")) throw new PreviewError("unsupported", `${path}: Jsonnet is not rendered`);
    const text = readText(source.snapshot, path);
    if (text === undefined) throw new PreviewError("invalid-manifest", `${path} is no UTF-8 text`);
    return text.includes(skipMark) ? [] : manifestsOf(decodeManifests(text, path));
  });
}

export function decodeManifests(text: string, path: string): readonly unknown[] {
  try {
    return decodeAll(text);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw new PreviewError("invalid-manifest", `${path}: ${error.message}`, { cause: error });
  }
}

function selector(pattern: string | undefined): ((path: string) => boolean) | undefined {
  return pattern === undefined || pattern === "" ? undefined : looseMatch(pattern);
}
