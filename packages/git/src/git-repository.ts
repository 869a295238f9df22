import { execFile } from "node:child_process";
import { BlobReader } from "./blob-reader.ts";
import { GitError } from "./git-error.ts";
import { listingBytesMax } from "./limits.ts";

export interface TreeEntry {
  readonly path: string;
  /** The object's id: the same content has the same id at every revision. */
  readonly id: string;
  readonly kind: "file" | "executable" | "link" | "submodule";
}

const kindOfMode: Readonly<Record<string, TreeEntry["kind"]>> = {
  "100644": "file",
  "100664": "file",
  "100755": "executable",
  "120000": "link",
  "160000": "submodule",
};

/** A repository on disk, read by the machine's git: trees with `ls-tree`, contents through one `cat-file --batch`. */
export class GitRepository implements AsyncDisposable {
  readonly directory: string;
  readonly #blobs: BlobReader;

  private constructor(directory: string) {
    this.directory = directory;
    this.#blobs = new BlobReader(directory);
  }

  static async open(directory: string): Promise<GitRepository> {
    const top = await git(directory, ["rev-parse", "--git-dir"]).catch((error: unknown) => {
      throw new GitError("not-a-repository", `${directory} is not inside a Git repository`, { cause: error });
    });
    if (top === "") throw new GitError("not-a-repository", `${directory} is not inside a Git repository`);
    return new GitRepository(directory);
  }

  /** The commit that a branch, a tag or an abbreviated id names. */
  async resolve(revision: string): Promise<string> {
    if (revision.startsWith("-")) throw new GitError("unknown-revision", `"${revision}" is no revision`);
    return git(this.directory, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`]).catch(
      (error: unknown) => {
        const hint = "fetch it first (a shallow clone in CI may lack it), or name another";
        throw new GitError("unknown-revision", `revision "${revision}" is not in ${this.directory}: ${hint}`, {
          cause: error,
        });
      },
    );
  }

  /** The newest commit that both have in common, if there is one. */
  async mergeBase(first: string, second: string): Promise<string | undefined> {
    return git(this.directory, ["merge-base", first, second]).catch(() => undefined);
  }

  /** The addresses that this repository is fetched from and pushed to. */
  async remoteUrls(): Promise<readonly string[]> {
    const listed = await git(this.directory, ["config", "--get-regexp", String.raw`^remote\..*\.(push)?url$`]).catch(
      () => "",
    );
    return listed.split("\n").flatMap((line) => line.slice(line.indexOf(" ") + 1) || []);
  }

  async list(commit: string): Promise<readonly TreeEntry[]> {
    const listed = await git(this.directory, ["ls-tree", "-r", "-z", "--full-tree", commit]);
    return listed.split("\0").flatMap((row) => {
      // <mode> SP <type> SP <id> TAB <path>
      const tab = row.indexOf("\t");
      const [mode = "", , id] = row.slice(0, tab).split(" ");
      const kind = kindOfMode[mode];
      return tab === -1 || id === undefined || kind === undefined ? [] : [{ path: row.slice(tab + 1), id, kind }];
    });
  }

  read(id: string): Promise<Uint8Array> {
    return this.#blobs.read(id);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#blobs.close();
  }
}

function git(directory: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      "git",
      ["-C", directory, ...args],
      // Paths come NUL-separated and unquoted; a locale must not translate what is parsed.
      { maxBuffer: listingBytesMax, encoding: "utf8", env: { ...process.env, LC_ALL: "C", GIT_OPTIONAL_LOCKS: "0" } },
      (error, stdout, stderr) => {
        if (error) reject(new GitError("git-failed", `git ${args[0]} failed: ${stderr.trim()}`, { cause: error }));
        else resolve(stdout.replace(/\n$/, ""));
      },
    );
  });
}
