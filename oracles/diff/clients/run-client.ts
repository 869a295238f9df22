// One command line of kubectl or helm, with nothing of the machine's own configuration.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { OracleError } from "../../machine/oracle-error.ts";
import { kubeconfigText, type ClusterAccess } from "../kubeconfig.ts";
import { commandOutputLengthMax, commandTimeoutMs } from "../limits.ts";

export interface CommandLine {
  readonly program: string;
  readonly args: readonly string[];
  readonly input: string;
}

export interface CommandResult {
  readonly exitCode: number;
  readonly output: string;
  readonly errors: string;
}

/** Home and working folder of a scenario's command lines; gone afterwards. */
export class ClientHome {
  readonly folder: string;

  constructor(access: ClusterAccess, namespace: string) {
    this.folder = mkdtempSync(join(tmpdir(), "fairway-client-"));
    writeFileSync(join(this.folder, "kubeconfig"), kubeconfigText(access, namespace), { mode: 0o600 });
  }

  write(path: string, content: string): void {
    const target = resolve(this.folder, path);
    if (relative(this.folder, target).startsWith(".."))
      throw new OracleError("bad-input", `${path} is outside of the scenario's folder`);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
  }

  async run({ program, args, input }: CommandLine): Promise<CommandResult> {
    const child = spawn(program, args, {
      cwd: this.folder,
      timeout: commandTimeoutMs,
      killSignal: "SIGKILL",
      env: {
        PATH: process.env["PATH"],
        HOME: this.folder,
        KUBECONFIG: join(this.folder, "kubeconfig"),
        TZ: "UTC",
        LANG: "C",
      },
    });
    const { promise, resolve: done, reject } = Promise.withResolvers<CommandResult>();
    const texts = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      child[name].setEncoding("utf8").on("data", (text: string) => {
        if (texts[name].length < commandOutputLengthMax) texts[name] += text;
      });
    }
    // A program that does not read its input closes it.
    child.stdin.on("error", () => child.stdin.destroy());
    child.stdin.end(input);
    child.on("error", (cause) => reject(new OracleError("command-failed", `${program}: ${cause.message}`, { cause })));
    child.on("close", (code, signal) => {
      if (signal === null) done({ exitCode: code ?? -1, output: texts.stdout, errors: texts.stderr });
      else reject(new OracleError("command-failed", `${args.join(" ")}: not done in ${commandTimeoutMs / 1000} s`));
    });
    return promise;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
