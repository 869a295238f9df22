import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { GitError } from "./git-error.ts";
import { blobBytesMax, requestsInFlightMax } from "./limits.ts";

interface Request {
  readonly id: string;
  readonly resolve: (bytes: Uint8Array) => void;
  readonly reject: (error: GitError) => void;
}

/** One `git cat-file --batch` for all contents: it answers in the order of the questions. */
export class BlobReader {
  readonly #directory: string;
  readonly #waiting: Request[] = [];
  readonly #asked: Request[] = [];
  #child: ChildProcessWithoutNullStreams | undefined;
  #chunks: Buffer[] = [];
  #buffered = 0;
  /** The head of the answer that is being read. */
  #expected: { bytes: number; tooLarge: boolean } | undefined;

  constructor(directory: string) {
    this.#directory = directory;
  }

  read(id: string): Promise<Uint8Array> {
    if (!/^[0-9a-f]{40,64}$/.test(id)) throw new GitError("object-missing", `"${id}" is no object id`);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ id, resolve, reject });
      this.#ask();
    });
  }

  async close(): Promise<void> {
    const child = this.#child;
    if (!child) return;
    const exited = new Promise((resolve) => child.once("close", resolve));
    child.stdin.end();
    await exited;
  }

  #ask(): void {
    this.#child ??= this.#start();
    while (this.#asked.length < requestsInFlightMax) {
      const next = this.#waiting.shift();
      if (!next) return;
      this.#asked.push(next);
      this.#child.stdin.write(`${next.id}\n`);
    }
  }

  #start(): ChildProcessWithoutNullStreams {
    const child = spawn("git", ["-C", this.#directory, "cat-file", "--batch"]);
    child.stdout.on("data", (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#buffered += chunk.length;
      this.#answer();
    });
    const fail = (cause?: unknown) => {
      this.#child = undefined;
      const error = new GitError("git-failed", `git cat-file ended before it answered`, { cause });
      for (const request of [...this.#asked.splice(0), ...this.#waiting.splice(0)]) request.reject(error);
    };
    child.on("error", fail);
    child.on("close", () => fail());
    // A broken pipe shows as the exit of the process, which is handled above.
    child.stdin.on("error", () => child.kill());
    return child;
  }

  #answer(): void {
    for (;;) {
      this.#expected ??= this.#readHead();
      if (!this.#expected) return;
      // The content is followed by a line feed.
      if (this.#buffered < this.#expected.bytes + 1) return;
      const { bytes, tooLarge } = this.#expected;
      const content = this.#take(bytes + 1).subarray(0, bytes);
      this.#expected = undefined;
      const request = this.#asked.shift();
      if (tooLarge) {
        const message = `object ${request?.id} has ${bytes} bytes; files up to ${blobBytesMax} are read`;
        request?.reject(new GitError("object-too-large", message));
      } else request?.resolve(content);
      this.#ask();
    }
  }

  /** `<id> blob <size>` or `<id> missing`. Undefined while the line is not complete. */
  #readHead(): { bytes: number; tooLarge: boolean } | undefined {
    for (;;) {
      const joined = this.#join();
      const lineEnd = joined.indexOf(0x0a);
      if (lineEnd === -1) return undefined;
      const line = this.#take(lineEnd + 1).toString("latin1", 0, lineEnd);
      const [, kind, size] = line.split(" ");
      if (kind !== "missing" && size !== undefined) {
        const bytes = Number(size);
        return { bytes, tooLarge: bytes > blobBytesMax };
      }
      const request = this.#asked.shift();
      request?.reject(new GitError("object-missing", `object ${request.id} is not in ${this.#directory}`));
      this.#ask();
    }
  }

  #take(bytes: number): Buffer {
    const joined = this.#join();
    this.#chunks = [joined.subarray(bytes)];
    this.#buffered -= bytes;
    return joined.subarray(0, bytes);
  }

  #join(): Buffer {
    if (this.#chunks.length !== 1) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0] ?? Buffer.alloc(0);
  }
}
