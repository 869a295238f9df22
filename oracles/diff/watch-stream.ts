import type { IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** An open watch: its events wait until a step asks for them. */
export class WatchStream {
  readonly #answer: IncomingMessage;
  readonly #waiting: string[] = [];
  #partial = "";
  #hasEnded = false;

  constructor(answer: IncomingMessage) {
    this.#answer = answer;
    answer.setEncoding("utf8");
    answer.on("data", (text: string) => this.#receive(text));
    answer.on("close", () => {
      this.#hasEnded = true;
    });
    answer.on("error", () => {
      this.#hasEnded = true;
    });
  }

  /** As many events as are asked for; fewer when the server ends the watch or the time is over. */
  async take(count: number, patienceMs: number): Promise<string> {
    const deadlineMs = performance.now() + patienceMs;
    while (this.#waiting.length < count && !this.#hasEnded && performance.now() < deadlineMs) await sleep(pollMs);
    return this.#waiting.splice(0, count).join("\n");
  }

  close(): void {
    this.#answer.destroy();
  }

  #receive(text: string): void {
    const lines = (this.#partial + text).split("\n");
    this.#partial = lines.pop() ?? "";
    this.#waiting.push(...lines.filter((line) => line !== ""));
  }
}

const pollMs = 20;
