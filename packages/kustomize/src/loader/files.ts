/** The files of a build. Paths are absolute, with `/`, and clean: no `.`, no `..`, no slash at the end. */
export interface KustomizeFiles {
  /** The content of a file; nothing when there is no file of this path. */
  read(path: string): Uint8Array | undefined;
  /** The names in a directory; nothing when there is no directory of this path. */
  list(path: string): readonly string[] | undefined;
  /** Where a path leads after symbolic links; nothing when it leads nowhere. Not needed when there are no links. */
  realPath?(path: string): string | undefined;
}

/** A directory that was fetched from elsewhere. */
export interface RemoteDirectory {
  readonly files: KustomizeFiles;
  /** The directory to build, as a path of `files`. */
  readonly directory: string;
  /** The top of what was fetched: nothing outside of it is readable. */
  readonly top: string;
  readonly repo?: string;
  readonly ref?: string;
}

/** Fetches what kustomizations refer to by URL. Each answers with nothing when the URL is not one of its kind. */
export interface RemoteSource {
  file(url: string): Promise<Uint8Array | undefined>;
  directory(url: string): Promise<RemoteDirectory | undefined>;
}

const remotePattern = /^(?:git::|gh:|https?:\/\/|ssh:\/\/|git:\/\/|file:\/\/|github\.com[/:]|[\w.-]+@[\w.-]+:)/i;

/** Whether a path names something that is not in the files. */
export function isRemote(path: string): boolean {
  return remotePattern.test(path) || (/\.git(?:[/?]|$)/.test(path) && /^[\w-]+(?:\.[\w-]+)+\//.test(path));
}

export function isHttp(path: string): boolean {
  return /^https?:\/\//i.test(path);
}
