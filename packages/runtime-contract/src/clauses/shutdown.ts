import { connect, type Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import type { Clause } from "../clause.ts";
import { answerSecondsMax, shutdownSecondsMax } from "../limits.ts";
import type { ServiceProcess } from "../service-process.ts";
import { until } from "../until.ts";
import { describeEnd } from "./start.ts";

/** Long enough that a service which simply ends has ended. */
const pauseMs = 300;

/** Comes last: it ends the service. */
export const drains: Clause = {
  name: "finishes what it has begun when it is told to end, and ends with 0",
  why: "Every rollout ends pods; a request that is cut off is an error that a customer sees.",
  fault: async ({ running, command }) => {
    const address = new URL(running.url);
    const idle = await Conversation.open(address);
    const { path, body } = command.post ?? { path: "/there/is/nothing/here", body: "{}" };
    const half = Math.floor(body.length / 2);
    const begun = await Promise.all(Array.from({ length: 4 }, () => Conversation.open(address)));
    const head = [
      `POST ${path} HTTP/1.1`,
      `Host: ${address.host}`,
      "Content-Type: application/json",
      `Content-Length: ${body.length}`,
    ];
    for (const each of begun) each.send(`${head.join("\r\n")}\r\n\r\n${body.slice(0, half)}`);
    await wait(pauseMs);
    running.signal("SIGTERM");
    await wait(pauseMs);
    for (const each of begun) each.send(body.slice(half));
    const answers = await Promise.all(begun.map((each) => each.answer()));
    const hasEnded = await until(() => running.end !== undefined, shutdownSecondsMax);
    idle.close();
    const wanted = command.post ? /^HTTP\/1\.1 2/ : /^HTTP\/1\.1 4/;
    const cut = answers.filter((answer) => !wanted.test(answer));
    if (cut.length > 0)
      return `${cut.length} of ${answers.length} requests that had begun were not answered as usual: ${cut[0]?.slice(0, 100) || "(nothing)"}`;
    return hasEnded
      ? wrongEnd(running)
      : `it still ran ${shutdownSecondsMax} s after SIGTERM, with one idle connection open`;
  },
};

function wrongEnd(running: ServiceProcess): string | undefined {
  return running.end?.code === 0
    ? undefined
    : `it ended with ${describeEnd(running)}, not with exit code 0:\n${running.said}`;
}

/** A connection that the service has taken for certain: it has answered on it already. */
class Conversation {
  readonly #socket: Socket;
  #received = "";
  #isClosed = false;

  static async open(address: URL): Promise<Conversation> {
    const conversation = new Conversation(connect(Number(address.port), address.hostname));
    conversation.send(`GET /livez HTTP/1.1\r\nHost: ${address.host}\r\n\r\n`);
    await conversation.answer();
    return conversation;
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    const end = (): void => {
      this.#isClosed = true;
    };
    socket.setEncoding("utf8");
    socket.on("data", (text: string) => (this.#received += text));
    socket.once("close", end);
    socket.once("error", end);
  }

  send(text: string): void {
    if (!this.#isClosed) this.#socket.write(text);
  }

  /** What came since the last answer, when it holds one; empty when the connection was closed without. */
  async answer(): Promise<string> {
    await until(() => this.#isClosed || /\r\n\r\n/.test(this.#received), answerSecondsMax);
    // The body of an answer this small comes with its head or right behind it.
    await wait(20);
    const answer = this.#received;
    this.#received = "";
    return answer;
  }

  close(): void {
    this.#socket.destroy();
  }
}
