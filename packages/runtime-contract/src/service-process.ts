import { spawn, type ChildProcess } from "node:child_process";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { outputLinesMax } from "./limits.ts";
import { until } from "./until.ts";

/** How a service is started. */
export interface ServiceCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** Besides HOST, PORT and what this process has. */
  readonly env?: Readonly<Record<string, string>>;
  /** A request that succeeds; half of its body is sent after the service was told to end. */
  readonly post?: { readonly path: string; readonly body: string };
}

export interface Ended {
  readonly code: number | undefined;
  readonly signal: string | undefined;
}

/** One run of a service, on an address of its own. */
export class ServiceProcess {
  readonly url: string;
  readonly lines: string[] = [];
  readonly errorLines: string[] = [];
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;
  #end: Ended | undefined;

  constructor(service: ServiceCommand, address: { readonly host: string; readonly port: string }) {
    this.url = `http://${address.host}:${address.port}`;
    this.#child = spawn(service.command, service.args, {
      ...(service.cwd === undefined ? {} : { cwd: service.cwd }),
      env: { ...process.env, ...service.env, HOST: address.host, PORT: address.port, LOG_LEVEL: "debug" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#collect(this.#child.stdout, this.lines);
    this.#collect(this.#child.stderr, this.errorLines);
    this.ended = new Promise((resolve) => {
      const end = (ended: Ended): void => resolve((this.#end = ended));
      this.#child.once("error", (error) => {
        this.errorLines.push(error.message);
        end({ code: undefined, signal: undefined });
      });
      // "close" comes when the last line has been read as well.
      this.#child.once("close", (code, signal) => end({ code: code ?? undefined, signal: signal ?? undefined }));
    });
  }

  get end(): Ended | undefined {
    return this.#end;
  }

  /** All that it said, for messages. */
  get said(): string {
    return [...this.lines, ...this.errorLines].slice(-5).join("\n");
  }

  signal(signal: "SIGTERM" | "SIGKILL"): void {
    if (!this.#end) this.#child.kill(signal);
  }

  async kill(): Promise<void> {
    this.signal("SIGKILL");
    await this.ended;
  }

  /** A request that can't be made is no answer. */
  async get(path: string, init: RequestInit & { readonly seconds?: number } = {}): Promise<Answer | undefined> {
    try {
      const response = await fetch(this.url + path, {
        ...init,
        signal: AbortSignal.timeout((init.seconds ?? 5) * 1_000),
      });
      return { status: response.status, type: response.headers.get("content-type") ?? "", text: await response.text() };
    } catch {
      return undefined;
    }
  }

  /** Whether a request gets the wanted status within the time; false at once when the process has ended. */
  async answers(path: string, status: number, seconds: number): Promise<boolean> {
    const found = await until(
      async () => this.#end !== undefined || (await this.get(path, { seconds: 1 }))?.status === status,
      seconds,
    );
    return found && this.#end === undefined;
  }

  #collect(stream: NodeJS.ReadableStream | null, lines: string[]): void {
    if (!stream) return;
    createInterface({ input: stream }).on("line", (line) => {
      lines.push(line);
      if (lines.length > outputLinesMax) lines.shift();
    });
  }
}

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** A port that nobody has at this moment. */
export async function freePort(host: string): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, host, resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address ? String(address.port) : "0";
}
