import { spawn } from "node:child_process";
import { readlinkSync, readdirSync } from "node:fs";
import { KubeletError, systemCodeOf } from "../kubelet-error.ts";
import { readProc } from "./process-identity.ts";
import type { TerminalSize } from "./runtime.ts";

/** A command wrapped so that it gets a terminal: `script` of util-linux (or BSD) makes one, which Node.js can't. */
export function withTerminal(command: readonly string[]): string[] {
  if (process.platform === "linux")
    return ["script", "-q", "-e", "-f", "-c", command.map(shellQuote).join(" "), "/dev/null"];
  return ["script", "-q", "/dev/null", ...command];
}

export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Sets the size of the terminal that `script` made for its child. */
export async function resizeTerminal(scriptPid: number, size: TerminalSize): Promise<void> {
  const terminal = terminalOf(scriptPid);
  if (terminal === undefined) return;
  const child = spawn("stty", ["-F", terminal, "cols", String(size.width), "rows", String(size.height)], {
    stdio: "ignore",
  });
  await new Promise<void>((resolve, reject) => {
    child.on("error", (error) => reject(new KubeletError("tool-failed", `stty: ${error.message}`, error)));
    child.on("exit", () => resolve());
  });
}

function terminalOf(scriptPid: number): string | undefined {
  const children = readProc(`${scriptPid}/task/${scriptPid}/children`)?.trim().split(" ") ?? [];
  for (const child of children) {
    try {
      const fds = readdirSync(`/proc/${child}/fd`);
      if (!fds.includes("0")) continue;
      const path = readlinkSync(`/proc/${child}/fd/0`);
      if (path.startsWith("/dev/pts/")) return path;
    } catch (error) {
      const code = systemCodeOf(error);
      if (code !== "ENOENT" && code !== "EACCES" && code !== "ESRCH") throw error;
    }
  }
  return undefined;
}
