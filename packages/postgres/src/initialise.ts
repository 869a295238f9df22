import { chownSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { limits } from "./limits.ts";
import { PostgresError } from "./postgres-error.ts";
import { runProgram } from "./run-program.ts";
import type { Account } from "./account.ts";
import type { Binaries } from "./binaries.ts";
import type { ServerFolder } from "./server-folder.ts";

export interface InitialiseOptions {
  readonly binaries: Binaries;
  readonly account: Account | undefined;
  readonly durable: boolean;
}

/** Makes the database cluster. One that was interrupted is made anew: nobody can have used it. */
export async function initialise(folder: ServerFolder, options: InitialiseOptions): Promise<void> {
  const marker = join(folder.path, "initialised");
  if (existsSync(marker)) return;
  const { account } = options;
  const passwordFile = `${folder.data}.password`;
  rmSync(folder.data, { recursive: true, force: true });
  rmSync(passwordFile, { force: true });
  writeFileSync(passwordFile, folder.secrets.password, { mode: 0o600, flag: "wx" });
  if (account) {
    chownSync(passwordFile, account.uid, account.gid);
    mkdirSync(folder.data, { mode: 0o700 });
    chownSync(folder.data, account.uid, account.gid);
  }
  const args = [
    `--pgdata=${folder.data}`,
    "--username=postgres",
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C.UTF-8",
    "--no-instructions",
    ...(options.durable ? [] : ["--no-sync"]),
  ];
  const result = await runProgram(options.binaries.initdb, args, {
    account,
    timeoutMs: limits.initTimeoutMs,
    cwd: account ? "/" : folder.path,
  });
  rmSync(passwordFile, { force: true });
  if (result.code !== 0) {
    throw new PostgresError("init_failed", `initdb could not make ${folder.data}: ${result.output.trim()}`);
  }
  writeFileSync(marker, `${options.binaries.version}\n`);
}
