import { importedPackage, packageOf, resolvedPath, type Import } from "../imports.ts";
import type { Violation } from "../repository.ts";

/** No cycle between files, type imports apart, and none at all between packages. */
export function checkCycles(imports: readonly Import[]): readonly Violation[] {
  const files = new Map<string, Set<string>>();
  const packages = new Map<string, Set<string>>();
  for (const each of imports) {
    if (each.from.isTest) continue;
    const file = resolvedPath(each);
    if (file !== undefined && !each.typeOnly) addEdge(files, each.from.path, file);
    const to = importedPackage(each.specifier);
    const from = packageOf(each.from.path);
    if (from !== undefined && to !== undefined) addEdge(packages, from, to);
  }
  const why = "which of them can be read, tested and loaded alone? Move what both need into a third";
  return [
    ...findCycles(files).map((cycle) => ({
      path: cycle[0] ?? "",
      message: `import cycle ${cycle.join(" -> ")}: ${why}`,
    })),
    ...findCycles(packages).map((cycle) => ({
      path: `packages/${cycle[0]}`,
      message: `package cycle ${cycle.join(" -> ")}: ${why}`,
    })),
  ];
}

function addEdge(graph: Map<string, Set<string>>, from: string, to: string): void {
  const edges = graph.get(from) ?? new Set();
  graph.set(from, edges.add(to));
}

/** One cycle for each node that closes one, found by depth-first search. */
export function findCycles(graph: ReadonlyMap<string, ReadonlySet<string>>): readonly (readonly string[])[] {
  const done = new Set<string>();
  const trail: string[] = [];
  const cycles: string[][] = [];
  const visit = (node: string): void => {
    const open = trail.indexOf(node);
    if (open !== -1) {
      cycles.push([...trail.slice(open), node]);
      return;
    }
    if (done.has(node)) return;
    trail.push(node);
    for (const next of graph.get(node) ?? []) visit(next);
    trail.pop();
    done.add(node);
  };
  for (const node of graph.keys()) visit(node);
  return cycles;
}
