import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { canReach, requireReach } from "./account.ts";
import { PostgresError } from "./postgres-error.ts";
import type { Account } from "./account.ts";

/** What has to be known to reach a server again: everything of it is in one folder. */
export interface ServerFolder {
  readonly path: string;
  readonly data: string;
  readonly log: string;
  readonly secrets: Secrets;
}

/** The password of the superuser, the one of each role, where the data is, the port of the last start. Mode 0600. */
export interface Secrets {
  readonly password: string;
  readonly roles: Readonly<Record<string, string>>;
  readonly data: string;
  readonly port?: number;
}

export function openServerFolder(folder: string, account: Account | undefined): ServerFolder {
  mkdirSync(resolve(folder), { recursive: true });
  const path = realpathSync(folder);
  const known = existsSync(join(path, "secrets.json"));
  if (!known && existsSync(join(path, "data"))) {
    throw new PostgresError(
      "taken_folder",
      `${join(path, "data")} exists, but was not made by this program; choose another folder`,
    );
  }
  const secrets = known ? readSecrets(path) : { password: newPassword(), roles: {}, data: placeForData(path, account) };
  requireReach(secrets.data, account);
  if (!known) writeSecrets(path, secrets);
  return { path, data: secrets.data, log: join(path, "postgres.log"), secrets };
}

/**
 * Below the folder; but when root starts the server in a folder that only root may enter (everything below /root is
 * one), its data has to be where the server's own account can reach it.
 */
function placeForData(path: string, account: Account | undefined): string {
  if (canReach(path, account)) return join(path, "data");
  return join("/var/tmp", `postgres-data-${newPassword().slice(0, 16)}`);
}

/** Data that is in the folder stays the folder's own, wherever it was moved or copied to. */
export function readSecrets(path: string): Secrets {
  const secrets = JSON.parse(readFileSync(join(path, "secrets.json"), "utf8")) as Secrets;
  const own = join(path, "data");
  return existsSync(own) ? { ...secrets, data: own } : secrets;
}

/** Renamed into place, so that a crash leaves the old or the new one. */
export function writeSecrets(path: string, secrets: Secrets): void {
  const draft = join(path, `secrets.json.${process.pid}`);
  writeFileSync(draft, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, join(path, "secrets.json"));
}

/** Letters and digits only: it goes into addresses and statements as it is. */
export function newPassword(): string {
  return randomBytes(24).toString("hex");
}
