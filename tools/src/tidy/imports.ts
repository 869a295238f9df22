import { dirname, join, normalize } from "node:path/posix";
import { isNode, lineOf, walk, type SourceFile, type SyntaxNode } from "./repository.ts";

export interface Import {
  readonly from: SourceFile;
  readonly line: number;
  readonly specifier: string;
  readonly names: readonly string[];
  /** Gone at run time, so it neither loads nor forms a cycle there. */
  readonly typeOnly: boolean;
}

/** Static and dynamic imports and re-exports. */
export function importsOf(file: SourceFile): readonly Import[] {
  const imports: Import[] = [];
  walk(file.program, (node) => {
    const source = node["source"];
    const specifier = isNode(source) ? source["value"] : undefined;
    if (typeof specifier !== "string") return;
    imports.push({
      from: file,
      line: lineOf(file, node.start),
      specifier,
      names: importedNames(node),
      typeOnly: node["importKind"] === "type" || node["exportKind"] === "type",
    });
  });
  return imports;
}

function importedNames(node: SyntaxNode): readonly string[] {
  const specifiers = Array.isArray(node["specifiers"]) ? node["specifiers"].filter(isNode) : [];
  return specifiers.flatMap((specifier) => {
    const imported = specifier["imported"] ?? specifier["local"];
    return isNode(imported) && typeof imported["name"] === "string" ? [imported["name"]] : [];
  });
}

/** The file that a relative import names, relative to the root. */
export function resolvedPath(each: Import): string | undefined {
  if (!each.specifier.startsWith(".")) return undefined;
  return normalize(join(dirname(each.from.path), each.specifier));
}

export function packageOf(path: string): string | undefined {
  return /^packages\/([^/]+)\//.exec(path)?.[1];
}

export function importedPackage(specifier: string): string | undefined {
  return /^@fairway\/([^/]+)$/.exec(specifier)?.[1];
}
