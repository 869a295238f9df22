import { BlobReader } from "./blob-reader.ts";
import { GitError } from "./git-error.ts";
import { runGit } from "./git-process.ts";
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
    await git(directory, ["rev-parse", "--git-dir"]).catch((error: unknown) => {
      if (!(error instanceof GitError) || error.exitCode === undefined) throw error;
      const message = `${directory} can't be read as a Git repository: ${error.message}`;
      throw new GitError("not-a-repository", message, { cause: error });
    });
    return new GitRepository(directory);
  }

  /** The commit that a branch, a tag or an abbreviated id names. */
  async resolve(revision: string): Promise<string> {
    if (revision.startsWith("-")) throw new GitError("unknown-revision", `"${revision}" is no revision`);
    return git(this.directory, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`]).catch(
      (error: unknown) => {
        if (!(error instanceof GitError) || error.exitCode === undefined) throw error;
        const hint = "fetch it first (a shallow clone in CI may lack it), or name another";
        throw new GitError("unknown-revision", `revision "${revision}" is not in ${this.directory}: ${hint}`, {
          cause: error,
        });
      },
    );
  }

  /** The newest commit that both have in common, if there is one. */
  async mergeBase(first: string, second: string): Promise<string | undefined> {
    return git(this.directory, ["merge-base", "--end-of-options", first, second]).catch(unlessNothing);
  }

  /** The addresses that this repository is fetched from and pushed to. */
  async remoteUrls(): Promise<readonly string[]> {
    const wanted = String.raw`^remote\..*\.(push)?url$`;
    const listed = (await git(this.directory, ["config", "--get-regexp", wanted]).catch(unlessNothing)) ?? "";
    return listed.split("\n").flatMap((line) => line.slice(line.indexOf(" ") + 1) || []);
  }

  async list(commit: string): Promise<readonly TreeEntry[]> {
    const listed = await git(this.directory, ["ls-tree", "-r", "-z", "--full-tree", "--end-of-options", commit]);
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
  return runGit(["-C", directory, ...args], { outputBytesMax: listingBytesMax });
}

/** For questions to which git answers "nothing" by ending with 1. */
function unlessNothing(error: unknown): undefined {
  if (error instanceof GitError && error.exitCode === 1) return undefined;
  throw error;
}
