import type { Command } from "./command.ts";

/** A row of the table of commands: enough for the overview and completion, without loading the command. */
export interface CatalogueEntry {
  /** The words after `fairway`: `["kustomize", "build"]`. */
  readonly path: readonly [string, ...string[]];
  readonly summary: string;
  readonly group: string;
  load(): Promise<Command>;
}

export interface FoundCommand {
  readonly entry: CatalogueEntry;
  readonly rest: readonly string[];
}

/** The entry whose words begin the arguments; the longest one wins. */
export function findCommand(words: readonly string[], entries: readonly CatalogueEntry[]): FoundCommand | undefined {
  let best: CatalogueEntry | undefined;
  for (const entry of entries) {
    if (entry.path.every((word, index) => words[index] === word) && entry.path.length > (best?.path.length ?? 0)) {
      best = entry;
    }
  }
  return best && { entry: best, rest: words.slice(best.path.length) };
}
