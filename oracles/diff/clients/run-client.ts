// One command of kubectl or helm, with nothing of the machine's own configuration.
import { spawn } from "node:child_process";
import { DiffError } from "../diff-error.ts";
import { answerBytesMax, commandTimeoutMs } from "../run/limits.ts";
import type { CommandReply } from "../run/answer.ts";

export interface ClientCommand {
  readonly program: string;
  readonly arguments: readonly string[];
  readonly input: string | undefined;
  /** Home, kubeconfig and working folder. */
  readonly folder: string;
}

export async function runClient(command: ClientCommand): Promise<CommandReply> {
  const { folder } = command;
  const child = spawn(command.program, command.arguments, {
    cwd: folder,
    timeout: commandTimeoutMs,
    killSignal: "SIGKILL",
    env: { PATH: process.env["PATH"], HOME: folder, KUBECONFIG: `${folder}/kubeconfig`, TZ: "UTC", LANG: "C" },
  });
  const { promise, resolve, reject } = Promise.withResolvers<CommandReply>();
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      if (output[name].length < answerBytesMax) output[name] += text;
    });
  }
  child.stdin.on("error", () => child.stdin.destroy());
  child.stdin.end(command.input ?? "");
  child.on("error", (cause) => {
    reject(new DiffError("client-missing", `${command.program} could not be started: ${cause.message}`, { cause }));
  });
  child.on("close", (code, signal) => {
    if (signal === "SIGKILL") {
      reject(new DiffError("no-answer", `${command.arguments.join(" ")}: not done after ${commandTimeoutMs / 1000} s`));
    } else resolve({ kind: "command", code: code ?? 1, ...output });
  });
  return promise;
}
