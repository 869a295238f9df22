import { readdirSync, statSync, watch, type FSWatcher } from "node:fs";
import { dirname, join, sep } from "node:path";
import { isSpecFile } from "@fairway/spec";
import { isSearchedFolder } from "../platform-folder.ts";
import { devLimits } from "./limits.ts";

export interface DescriptionFoldersOptions {
  /** The folder of platform.yaml. */
  readonly root: string;
  /** Those with a service.yaml, from the root. */
  readonly services: readonly string[];
  readonly onChange: (path: string) => void;
  readonly onError: (folder: string, cause: Error) => void;
}

/**
 * Hears of every description of a platform that is saved, comes or goes. Only the folders that hold one, and those on the way to them, are
 * watched: what else lies in a repository, such as installed packages, can be a hundred times as much.
 */
export class DescriptionFolders {
  readonly #options: DescriptionFoldersOptions;
  readonly #watchers = new Map<string, FSWatcher>();
  /** Folders with a description. */
  readonly #described = new Set<string>();

  constructor(options: DescriptionFoldersOptions) {
    this.#options = options;
    const { root, services } = options;
    this.#watch(root);
    for (const service of services) {
      this.#described.add(join(root, service));
      for (let path = join(root, service); path.startsWith(root + sep); path = dirname(path)) this.#watch(path);
    }
  }

  close(): void {
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #watch(folder: string): void {
    if (this.#watchers.has(folder) || this.#watchers.size >= devLimits.watchedFoldersMax) return;
    const fail = (cause: Error): void => this.#options.onError(folder, cause);
    try {
      const watcher = watch(folder, (_, name) => {
        if (name !== null) this.#look(folder, name);
      });
      this.#watchers.set(folder, watcher.on("error", fail));
    } catch (error) {
      // One that has gone again is no failure.
      if (error instanceof Error && !("code" in error && error.code === "ENOENT")) fail(error);
    }
  }

  #look(folder: string, name: string): void {
    const path = join(folder, name);
    if (isSpecFile(name)) return this.#tell(folder, name);
    if (!isSearchedFolder(name)) return;
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) this.#come(path);
    else this.#go(path);
  }

  /** A folder that comes may hold descriptions already, or get them soon. */
  #come(folder: string): void {
    if (this.#watchers.has(folder)) return;
    this.#watch(folder);
    // Looked at after it is watched: nothing comes in between unheard.
    for (const entry of entriesOf(folder)) {
      if (isSpecFile(entry.name)) this.#tell(folder, entry.name);
      else if (entry.isDirectory() && isSearchedFolder(entry.name)) this.#come(join(folder, entry.name));
    }
  }

  #go(folder: string): void {
    for (const [path, watcher] of this.#watchers) {
      if (path !== folder && !path.startsWith(folder + sep)) continue;
      watcher.close();
      this.#watchers.delete(path);
      if (this.#described.delete(path)) this.#options.onChange(join(path, "service.yaml"));
    }
  }

  #tell(folder: string, name: string): void {
    this.#described.add(folder);
    this.#options.onChange(join(folder, name));
  }
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // It has gone again.
    return [];
  }
}
