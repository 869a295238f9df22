import { KustomizeError, wrapError } from "../kustomize-error.ts";
import { limits } from "../limits.ts";
import { isHttp, isRemote } from "./files.ts";
import type { KustomizeFiles, RemoteDirectory, RemoteSource } from "./files.ts";
import { baseName, cleanPath, directoryOf, isWithin, joinPath } from "./posix-path.ts";

/** What one build has used up so far. */
export interface Usage {
  files: number;
}

interface Place {
  readonly files: KustomizeFiles;
  readonly remote: RemoteSource | undefined;
  readonly usage: Usage;
  readonly root: string;
  /** The kustomization that referred to this one. */
  readonly referrer: Loader | undefined;
  /** The fetched repository that this is in. */
  readonly repository: RemoteDirectory | undefined;
  readonly url: string;
}

/** Reads files for one kustomization: only what is in or below its directory. */
export class Loader {
  readonly #place: Place;

  private constructor(place: Place) {
    this.#place = place;
  }

  static atRoot(directory: string, files: KustomizeFiles, remote?: RemoteSource): Loader {
    const usage = { files: 0 };
    const start = new Loader({
      files,
      remote,
      usage,
      root: "/",
      referrer: undefined,
      repository: undefined,
      url: "",
    });
    const root = start.#confirmDirectory(cleanPath(`/${directory}`));
    return new Loader({ ...start.#place, root });
  }

  get root(): string {
    return this.#place.root;
  }

  get files(): KustomizeFiles {
    return this.#place.files;
  }

  get repository(): RemoteDirectory | undefined {
    return this.#place.repository;
  }

  /** A loader for another kustomization that this one refers to. */
  async open(path: string): Promise<Loader> {
    if (path === "") throw new KustomizeError("load", "new root cannot be empty");
    if (isRemote(path)) return this.#openRemote(path);
    if (path.startsWith("/")) throw new KustomizeError("load", `new root '${path}' cannot be absolute`);
    const root = this.#confirmDirectory(joinPath(this.root, path));
    const { repository } = this.#place;
    if (repository !== undefined && !isWithin(root, repository.top)) {
      throw new KustomizeError(
        "security",
        "security; bases in kustomizations found in cloned git repos must be within the repo, " +
          `but base '${root}' is outside '${repository.top}'`,
      );
    }
    this.#refuseCycle(root);
    return new Loader({ ...this.#place, root, referrer: this, url: "" });
  }

  #refuseCycle(candidate: string): void {
    for (const loader of this.#chain()) {
      if (loader.files === this.files && isWithin(loader.root, candidate)) {
        throw new KustomizeError(
          "cycle",
          `cycle detected: candidate root '${candidate}' contains visited root '${loader.root}'`,
        );
      }
    }
  }

  /** This loader and those that led to it. */
  #chain(): Loader[] {
    const { referrer } = this.#place;
    const before = referrer === undefined ? [] : referrer.#chain();
    if (before.length >= limits.depthMax) {
      throw new KustomizeError("limit", `bases refer to each other more than ${limits.depthMax} levels deep`);
    }
    return [this, ...before];
  }

  async #openRemote(url: string): Promise<Loader> {
    for (const loader of this.#chain()) {
      const before = loader.#place.url;
      if (before !== "" && before.startsWith(url)) {
        throw new KustomizeError("cycle", `cycle detected: URI '${url}' referenced by previous URI '${before}'`);
      }
    }
    const { remote } = this.#place;
    if (remote === undefined) throw refusedRemote(url);
    const found = await remote.directory(url);
    if (found === undefined) throw new KustomizeError("load", `'${url}' is not a repository that can be fetched`);
    if (!isWithin(found.directory, found.top)) {
      throw new KustomizeError("security", `"${found.directory}" refers to directory outside of repo "${found.top}"`);
    }
    return new Loader({
      ...this.#place,
      files: found.files,
      root: found.directory,
      referrer: this,
      repository: found,
      url,
    });
  }

  async load(path: string): Promise<Uint8Array> {
    if (!isHttp(path)) return this.#loadFile(path);
    const { remote } = this.#place;
    if (remote === undefined) throw refusedRemote(path);
    const bytes = await remote.file(path);
    if (bytes === undefined) throw new KustomizeError("load", "URL is a git repository");
    return this.#counted(bytes, path);
  }

  async loadText(path: string): Promise<string> {
    return new TextDecoder().decode(await this.load(path));
  }

  /** The content of a file of this very directory, if it is there. */
  peek(name: string): string | undefined {
    const bytes = this.files.read(this.#resolve(joinPath(this.root, name)) ?? "");
    return bytes === undefined ? undefined : new TextDecoder().decode(this.#counted(bytes, name));
  }

  #loadFile(path: string): Uint8Array {
    const full = path.startsWith("/") ? cleanPath(path) : joinPath(this.root, path);
    const real = this.#resolve(full);
    if (real === undefined) throw this.#missing(full);
    if (this.files.list(real) !== undefined) {
      throw new KustomizeError("load", `'${full}' must resolve to a file`);
    }
    if (!isWithin(directoryOf(real), this.root)) {
      throw new KustomizeError("security", `security; file '${full}' is not in or below '${this.root}'`);
    }
    const bytes = this.files.read(real);
    if (bytes === undefined) throw this.#missing(full);
    return this.#counted(bytes, full);
  }

  #counted(bytes: Uint8Array, path: string): Uint8Array {
    const { usage } = this.#place;
    usage.files++;
    if (usage.files > limits.filesMax) {
      throw new KustomizeError("limit", `the build reads more than ${limits.filesMax} files`);
    }
    if (bytes.byteLength > limits.fileBytesMax) {
      throw new KustomizeError("limit", `the file '${path}' has more than ${limits.fileBytesMax} bytes`);
    }
    return bytes;
  }

  /** The path behind links; nothing when it is neither a file nor a directory. */
  #resolve(path: string): string | undefined {
    const { files } = this;
    if (files.realPath !== undefined) return files.realPath(path);
    const exists = files.list(path) !== undefined || files.read(path) !== undefined;
    return exists ? path : undefined;
  }

  #missing(path: string): KustomizeError {
    let firstMissing = path;
    for (let parent = directoryOf(path); parent !== "/"; parent = directoryOf(parent)) {
      if (this.#resolve(parent) === undefined) firstMissing = parent;
    }
    return new KustomizeError(
      "load",
      `evalsymlink failure on '${path}' : lstat ${firstMissing}: no such file or directory`,
    );
  }

  #confirmDirectory(path: string): string {
    const real = this.#resolve(path);
    if (real === undefined) throw wrapError("must build at directory: not a valid directory", this.#missing(path));
    if (this.files.list(real) === undefined) {
      throw new KustomizeError("load", `must build at directory: '${path}': file is not directory`);
    }
    return real;
  }

  /** The name of the directory, which some transformers take as a default. */
  get baseName(): string {
    return baseName(this.root);
  }
}

function refusedRemote(url: string): KustomizeError {
  return new KustomizeError(
    "unsupported",
    `'${url}' is not in the files of this build and no way to fetch it was given; ` +
      "put a copy next to the kustomization, or build where remote sources are allowed",
  );
}
