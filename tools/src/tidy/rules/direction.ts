import { floorMeaning, floorOf, mayImport, testsMayImport } from "../data/house.ts";
import { importedPackage, packageOf, resolvedPath, type Import } from "../imports.ts";
import type { Violation } from "../repository.ts";

/** Imports point the way that the design draws them, and a package is entered by its front door. */
export function checkDirection(imports: readonly Import[]): readonly Violation[] {
  return imports.flatMap((each) => {
    const message = directionProblem(each);
    return message ? [{ path: each.from.path, line: each.line, message }] : [];
  });
}

function directionProblem(each: Import): string | undefined {
  const from = packageOf(each.from.path);
  const target = resolvedPath(each);
  // A benchmark may use what a package's own tests use.
  if (from === undefined && target?.includes("/tests/")) return undefined;
  if (target !== undefined && packageOf(target) !== from) {
    return `"${each.specifier}" leaves the package: import what its index.ts exports, by the package's name`;
  }
  if (from === undefined) return undefined;
  const to = importedPackage(each.specifier);
  if (each.specifier.startsWith("@fairway/") && to === undefined) {
    return `"${each.specifier}" reaches past index.ts: export the name there, or keep it inside`;
  }
  if (to === undefined) return undefined;
  const fromFloor = floorOf[from];
  const toFloor = floorOf[to];
  if (!fromFloor) return `package "${from}" has no floor: give it a line in tools/src/tidy/data/house.ts`;
  if (!toFloor) return `package "${to}" has no floor: give it a line in tools/src/tidy/data/house.ts`;
  if (mayImport[fromFloor].includes(toFloor)) return undefined;
  if (each.from.isTest && testsMayImport[fromFloor]?.includes(toFloor)) return undefined;
  return `${from} (${fromFloor}) must not import ${to} (${toFloor}). A package on the ${fromFloor} floor ${floorMeaning[fromFloor]}`;
}
