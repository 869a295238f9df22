import { isNode, type SourceFile, type Violation } from "../repository.ts";

export interface PackageManifest {
  readonly name?: string;
  readonly exports?: unknown;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** A package has one entry, and that entry names what it gives: a reader sees the contract, and the rest can change. */
export function checkFrontDoor(
  name: string,
  manifest: PackageManifest,
  index: SourceFile | undefined,
): readonly Violation[] {
  const path = `packages/${name}/package.json`;
  const violations: Violation[] = [];
  if (manifest.name !== `@fairway/${name}`) {
    violations.push({
      path,
      message: `is called "${manifest.name}"; a package has the name of its folder: @fairway/${name}`,
    });
  }
  if (!index) {
    const closed = JSON.stringify(manifest.exports) === "{}";
    return closed
      ? violations
      : [...violations, { path, message: `has no src/index.ts: export something, or close it with "exports": {}` }];
  }
  if (manifest.exports !== "./src/index.ts") {
    violations.push({ path, message: `"exports" must be "./src/index.ts" and nothing else: other paths stay closed` });
  }
  const body = Array.isArray(index.program["body"]) ? index.program["body"].filter(isNode) : [];
  for (const node of body) {
    if (node.type === "ExportAllDeclaration") {
      violations.push({ path: index.path, message: "export * hides what the package gives: name each export" });
    } else if (node.type !== "ExportNamedDeclaration") {
      violations.push({
        path: index.path,
        message: "index.ts only names exports: move code to the file of its concept",
      });
    }
  }
  return violations;
}

/** What is imported is declared, so that a package can be read, moved and published by its manifest. */
export function checkDeclaredDependencies(
  name: string,
  manifest: PackageManifest,
  importedPackages: ReadonlySet<string>,
): readonly Violation[] {
  const declared = new Set(Object.keys(manifest.dependencies ?? {}));
  return [...importedPackages]
    .filter((each) => !declared.has(each))
    .map((each) => ({
      path: `packages/${name}/package.json`,
      message: `imports ${each} without declaring it in "dependencies"`,
    }));
}
