// The load generator of bench/cluster.ts: HTTP/1.1 over TLS with as little work as possible, so that what is measured is the server.
import { connect, type TLSSocket } from "node:tls";
import { once } from "node:events";

export interface Access {
  readonly host: string;
  readonly port: number;
  readonly authority: string;
  readonly certificate?: string;
  readonly key?: string;
  readonly token?: string;
}

export interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

const headEnd = Buffer.from("\r\n\r\n");

/** One connection, one request at a time. */
export class Connection {
  readonly #socket: TLSSocket;
  readonly #headers: string;
  #received: Buffer[] = [];
  #bytes = 0;
  #needed = 0;
  #waiting: Waiting | undefined;
  #onChunk: ((chunk: Buffer) => void) | undefined;

  private constructor(socket: TLSSocket, headers: string) {
    this.#socket = socket;
    this.#headers = headers;
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => this.#take(chunk));
    socket.on("error", (error) => this.#waiting?.reject(error));
    socket.on("close", () => this.#waiting?.reject(new Error("the server closed the connection")));
  }

  static async open({ host, port, authority, certificate, key, token }: Access): Promise<Connection> {
    const socket = connect({
      host,
      port,
      ca: authority,
      ALPNProtocols: ["http/1.1"],
      ...(certificate !== undefined && key !== undefined && { cert: certificate, key }),
    });
    await once(socket, "secureConnect");
    const authorization = token === undefined ? "" : `authorization: Bearer ${token}\r\n`;
    return new Connection(socket, `host: ${host}:${port}\r\naccept: application/json\r\n${authorization}`);
  }

  send(method: string, path: string, body?: string, type = "application/json"): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    this.#waiting = { resolve, reject };
    this.#needed = 0;
    const content =
      body === undefined
        ? "\r\n"
        : `content-type: ${type}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
    this.#socket.write(`${method} ${path} HTTP/1.1\r\n${this.#headers}${content}`);
    return promise;
  }

  /** Everything that comes after the head of the answer, as it comes. */
  async watch(path: string, onChunk: (chunk: Buffer) => void): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting = { resolve: () => resolve(), reject };
    this.#onChunk = (chunk) => {
      this.#onChunk = onChunk;
      this.#waiting = undefined;
      if (chunk.indexOf(" 200 ") < 0) reject(new Error(`a watch was answered with ${chunk.toString("utf8", 0, 200)}`));
      resolve();
      onChunk(chunk);
    };
    this.#socket.write(`GET ${path} HTTP/1.1\r\n${this.#headers}\r\n`);
    await promise;
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    if (this.#onChunk) return this.#onChunk(chunk);
    this.#received.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes < this.#needed) return;
    const whole = this.#received.length === 1 ? chunk : Buffer.concat(this.#received);
    this.#received = [whole];
    const answer = this.#parse(whole);
    if (!answer) return;
    this.#received = [];
    this.#bytes = 0;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve(answer);
  }

  /** Undefined until all of it is there. */
  #parse(bytes: Buffer): Answer | undefined {
    const end = bytes.indexOf(headEnd);
    if (end < 0) return undefined;
    const head = bytes.toString("latin1", 0, end);
    const status = Number(head.slice(9, 12));
    const from = end + headEnd.length;
    const length = /\r\ncontent-length: (\d+)/iu.exec(head)?.[1];
    if (length !== undefined) {
      this.#needed = from + Number(length);
      return bytes.length < this.#needed ? undefined : { status, body: bytes.subarray(from, this.#needed) };
    }
    // In chunks: the last one is empty.
    this.#needed = bytes.length + 1;
    return bytes.subarray(-5).toString("latin1") === "0\r\n\r\n" ? { status, body: bytes.subarray(from) } : undefined;
  }
}

/** Does something so many times, over several connections. */
export async function spread(
  connections: readonly Connection[],
  range: { readonly from: number; readonly to: number },
  task: (connection: Connection, index: number) => Promise<Answer>,
): Promise<void> {
  let next = range.from;
  const worker = async (connection: Connection): Promise<void> => {
    while (next < range.to) {
      const answer = await task(connection, next++);
      if (answer.status >= 300) throw new Error(`${answer.status}: ${answer.body.toString("utf8", 0, 500)}`);
    }
  };
  await Promise.all(connections.map(worker));
}
