import { statSync, watch, type FSWatcher } from "node:fs";
import { basename, dirname, join } from "node:path";
import { CliError } from "../cli-error.ts";
import { devLimits } from "./limits.ts";
import { isSource } from "./source-folders.ts";

/** Files that were saved together. */
export interface Save {
  readonly paths: readonly string[];
  /** On the clock of `Date.now()`. */
  readonly atMs: number;
}

/** Watches folders for changes of what a service is made from, and files beside them. */
export class Saves {
  readonly #watchers: readonly FSWatcher[];
  readonly #changed = new Set<string>();
  #settling: NodeJS.Timeout | undefined;
  #waiting: Save | undefined;
  #failure: Error | undefined;
  #wake: (() => void) | undefined;
  #interruption = new AbortController();

  constructor(folders: readonly string[], files: readonly string[] = []) {
    this.#watchers = [
      ...folders.map((folder) => this.#watch(folder, { recursive: true }, isSource)),
      // An editor puts another file in its place: only the folder goes on to be what it was.
      ...files.map((file) => this.#watch(dirname(file), { recursive: false }, (name) => name === basename(file))),
    ];
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
  }

  #watch(folder: string, options: { readonly recursive: boolean }, isMeant: (name: string) => boolean): FSWatcher {
    return watch(folder, options, (_, name) => {
      if (name !== null && isMeant(name)) this.#note(join(folder, name));
    }).on("error", (cause) => {
      this.#failure = new CliError("environment", `${folder} can't be watched any more: ${cause.message}`, { cause });
      this.#wake?.();
    });
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
