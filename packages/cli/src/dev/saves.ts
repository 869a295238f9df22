import { realpathSync, statSync, watch, type FSWatcher } from "node:fs";
import { join } from "node:path";
import { CliError } from "../cli-error.ts";
import { DescriptionFolders } from "./description-folders.ts";
import { devLimits } from "./limits.ts";
import { isSource } from "./source-folders.ts";

/** Files that were saved together. */
export interface Save {
  readonly paths: readonly string[];
  /** On the clock of `Date.now()`. */
  readonly atMs: number;
}

export interface SavesOptions {
  /** What a service is made from. */
  readonly sources: readonly string[];
  /** The folder of platform.yaml. */
  readonly root: string;
  /** All that hold a description, from the root. */
  readonly services: readonly string[];
}

/** Watches what a service is made from, and every description of its platform. */
export class Saves {
  readonly #watchers: readonly FSWatcher[];
  readonly #descriptions: DescriptionFolders;
  readonly #changed = new Set<string>();
  #settling: NodeJS.Timeout | undefined;
  #waiting: Save | undefined;
  #failure: Error | undefined;
  #wake: (() => void) | undefined;
  #interruption = new AbortController();

  constructor({ sources, root, services }: SavesOptions) {
    this.#watchers = sources.map((folder) => this.#watch(folder));
    this.#descriptions = new DescriptionFolders({
      root: realpathSync(root),
      services,
      onChange: (path) => this.#note(path),
      onError: (folder, cause) => this.#fail(folder, cause),
    });
  }

  /** Aborted by the next save. */
  get interruption(): AbortSignal {
    return this.#interruption.signal;
  }

  /** The next save, or the one that nobody asked for yet; undefined when the signal comes. */
  async next(signal: AbortSignal): Promise<Save | undefined> {
    if (this.#waiting === undefined && this.#failure === undefined && !signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      const stop = (): void => resolve();
      signal.addEventListener("abort", stop, { once: true });
      await promise;
      signal.removeEventListener("abort", stop);
    }
    if (this.#failure) throw this.#failure;
    const save = this.#waiting;
    this.#waiting = undefined;
    this.#interruption = new AbortController();
    return signal.aborted ? undefined : save;
  }

  close(): void {
    clearTimeout(this.#settling);
    for (const watcher of this.#watchers) watcher.close();
    this.#descriptions.close();
  }

  #watch(folder: string): FSWatcher {
    return watch(folder, { recursive: true }, (_, name) => {
      if (name !== null && isSource(name)) this.#note(join(folder, name));
    }).on("error", (cause) => this.#fail(folder, cause));
  }

  #fail(folder: string, cause: Error): void {
    const hint =
      "code" in cause && (cause.code === "ENOSPC" || cause.code === "EMFILE")
        ? "more may be watched after: sysctl fs.inotify.max_user_watches=524288 fs.inotify.max_user_instances=512"
        : undefined;
    this.#failure = new CliError("environment", `${folder} can't be watched: ${cause.message}`, { hint, cause });
    this.#wake?.();
  }

  #note(path: string): void {
    this.#changed.add(path);
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.#settle(), devLimits.settleMs);
  }

  #settle(): void {
    const paths = [...new Set([...this.#changed, ...(this.#waiting?.paths ?? [])])].toSorted();
    this.#changed.clear();
    this.#waiting = { paths, atMs: savedAt(paths) };
    this.#interruption.abort();
    this.#wake?.();
  }
}

/** The time of the last of them, as the file system has it; a file that has gone was changed just now. */
function savedAt(paths: readonly string[]): number {
  const now = Date.now();
  const times = paths.map((path) => Math.min(now, statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now));
  return Math.max(...times);
}
