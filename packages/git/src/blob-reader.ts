import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { ChunkQueue } from "./chunk-queue.ts";
import { GitError } from "./git-error.ts";
import { gitEnvironment } from "./git-process.ts";
import { blobBytesMax, complaintLengthMax, requestsInFlightMax } from "./limits.ts";

interface Request {
  readonly id: string;
  readonly resolve: (bytes: Uint8Array) => void;
  readonly reject: (error: GitError) => void;
}

/** One git process, and how far its answers are read: a new one begins with nothing. */
interface Conversation {
  readonly child: ChildProcessWithoutNullStreams;
  readonly asked: Request[];
  readonly received: ChunkQueue;
  /** The answer that is being read: what is left of it with its line feed, and why its content is not wanted. */
  current: { left: number; readonly refusal: GitError | undefined } | undefined;
  complaint: string;
}

/** One `git cat-file --batch` for all contents: it answers in the order of the questions. */
export class BlobReader {
  readonly #directory: string;
  readonly #waiting: Request[] = [];
  #conversation: Conversation | undefined;
  #isClosed = false;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** For tests of what happens when it dies. */
  get processId(): number | undefined {
    return this.#conversation?.child.pid;
  }

  async read(id: string): Promise<Uint8Array> {
    if (!/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(id)) throw new GitError("object-missing", `"${id}" is no object id`);
    if (this.#isClosed) throw this.#closed();
    return new Promise((resolve, reject) => {
      this.#waiting.push({ id, resolve, reject });
      this.#ask();
    });
  }

  /** Whoever still waits for an answer is told that there will be none. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const conversation = this.#conversation;
    if (!conversation) return;
    const exited = new Promise((resolve) => conversation.child.once("close", resolve));
    this.#end(conversation, this.#closed());
    conversation.child.stdin.end();
    conversation.child.kill();
    await exited;
  }

  #closed(): GitError {
    return new GitError("closed", `the reader of ${this.#directory} is closed`);
  }

  #ask(): void {
    if (this.#waiting.length === 0) return;
    this.#conversation ??= this.#start();
    const { child, asked } = this.#conversation;
    const next = this.#waiting.splice(0, requestsInFlightMax - asked.length);
    if (next.length === 0) return;
    asked.push(...next);
    child.stdin.write(next.map(({ id }) => `${id}\n`).join(""));
  }

  #start(): Conversation {
    const child = spawn("git", ["-C", this.#directory, "cat-file", "--batch"], { env: gitEnvironment() });
    const conversation: Conversation = {
      child,
      asked: [],
      received: new ChunkQueue(),
      current: undefined,
      complaint: "",
    };
    child.stdout.on("data", (chunk: Buffer) => {
      conversation.received.push(chunk);
      if (this.#conversation === conversation) this.#answer(conversation);
    });
    child.stderr.on("data", (chunk: Buffer) => {
      conversation.complaint = `${conversation.complaint}${chunk.toString("utf8")}`.slice(0, complaintLengthMax);
    });
    const fail = (cause?: unknown) => {
      const why = conversation.complaint.trim() || "it gave no reason";
      const message = `git cat-file in ${this.#directory} ended before it answered: ${why}`;
      this.#end(conversation, new GitError("git-failed", message, { cause }));
    };
    child.on("error", fail);
    child.on("close", () => fail());
    // A broken pipe shows as the exit of the process, which is handled above.
    child.stdin.on("error", () => child.kill());
    return conversation;
  }

  /** Once for each process: what it owes and what was to be asked next fails, later questions start another. */
  #end(conversation: Conversation, error: GitError): void {
    if (this.#conversation !== conversation) return;
    this.#conversation = undefined;
    for (const request of [...conversation.asked.splice(0), ...this.#waiting.splice(0)]) request.reject(error);
  }

  #answer(conversation: Conversation): void {
    const { received, asked } = conversation;
    for (;;) {
      conversation.current ??= this.#readHead(conversation);
      const { current } = conversation;
      if (!current) break;
      // What is not wanted is not held either.
      if (current.refusal) current.left -= received.drop(current.left);
      else if (received.bytes < current.left) break;
      if (current.refusal && current.left > 0) break;
      conversation.current = undefined;
      const request = asked.shift();
      if (current.refusal) request?.reject(current.refusal);
      else request?.resolve(contentOf(received, current.left));
    }
    this.#ask();
  }

  /** `<id> blob <size>`, or `<id> missing`, which has no content. Undefined while the line is not complete. */
  #readHead({ received, asked }: Conversation): Conversation["current"] {
    const lineEnd = received.lineEnd();
    if (lineEnd === undefined) return undefined;
    const line = received.take(lineEnd + 1).toString("latin1", 0, lineEnd);
    const [, kind = "", size] = line.split(" ");
    const object = `object ${asked[0]?.id}`;
    if (size === undefined) {
      return { left: 0, refusal: new GitError("object-missing", `${object} is not in ${this.#directory}`) };
    }
    const bytes = Number(size);
    return { left: bytes + 1, refusal: refusalOf(object, kind, bytes) };
  }
}

function refusalOf(object: string, kind: string, bytes: number): GitError | undefined {
  if (kind !== "blob") return new GitError("object-missing", `${object} is a ${kind}, not the content of a file`);
  if (bytes <= blobBytesMax) return undefined;
  return new GitError("object-too-large", `${object} has ${bytes} bytes; files up to ${blobBytesMax} are read`);
}

/** The content is followed by a line feed. */
function contentOf(received: ChunkQueue, left: number): Uint8Array {
  const content = received.take(left - 1);
  received.drop(1);
  return content;
}
