import { limits } from "./limits.ts";
import { PostgresError } from "./postgres-error.ts";
import { runProgram } from "./run-program.ts";
import { newPassword, writeSecrets } from "./server-folder.ts";
import type { Account } from "./account.ts";
import type { Binaries } from "./binaries.ts";
import type { Secrets, ServerFolder } from "./server-folder.ts";

const nameRule = /^[a-z][a-z0-9_]{0,40}$/;

export function requireNames(names: readonly string[]): void {
  if (names.length > limits.databasesMax) {
    throw new PostgresError("invalid_option", `${names.length} databases are more than ${limits.databasesMax}`);
  }
  for (const name of names) {
    if (nameRule.test(name) && name !== "postgres") continue;
    throw new PostgresError("invalid_option", `${JSON.stringify(name)} is no name for a database: ${nameRule.source}`);
  }
}

/**
 * Makes the databases that are missing, each with a role that owns it and may enter no other one. The server must not
 * run: it is done in single-user mode, so that no client library is needed.
 */
export async function addDatabases(
  folder: ServerFolder,
  names: readonly string[],
  options: { binaries: Binaries; account: Account | undefined },
): Promise<Secrets> {
  const missing = names.filter((name) => !Object.hasOwn(folder.secrets.roles, name));
  if (missing.length === 0) return folder.secrets;
  const roles = Object.fromEntries(missing.map((name) => [name, newPassword()]));
  const result = await runProgram(
    options.binaries.postgres,
    ["--single", "-D", folder.data, "-c", "fsync=off", "-c", "log_min_messages=error", "postgres"],
    {
      account: options.account,
      input: missing.flatMap((name) => statements(name, roles[name] ?? "")).join("\n"),
      timeoutMs: limits.initTimeoutMs,
      cwd: options.account ? "/" : folder.path,
    },
  );
  // What exists already (a crash between making and remembering) only gets its new password.
  const refusals = result.output
    .split("\n")
    .filter((line) => line.includes("ERROR:") && !line.includes("already exists"));
  if (result.code !== 0 || refusals.length > 0) {
    throw new PostgresError("init_failed", `databases could not be made: ${(refusals[0] ?? result.output).trim()}`);
  }
  const secrets = { ...folder.secrets, roles: { ...folder.secrets.roles, ...roles } };
  writeSecrets(folder.path, secrets);
  return secrets;
}

/** Single-user mode reads one statement a line. */
function statements(name: string, password: string): string[] {
  return [
    `CREATE ROLE "${name}" LOGIN`,
    `ALTER ROLE "${name}" PASSWORD '${password}'`,
    `CREATE DATABASE "${name}" OWNER "${name}" STRATEGY FILE_COPY`,
    `REVOKE CONNECT ON DATABASE "${name}" FROM PUBLIC`,
  ];
}
