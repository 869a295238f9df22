import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { PostgresError } from "./postgres-error.ts";

/** Under whom the server runs. PostgreSQL refuses to run as root, so root starts it as somebody with fewer rights. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

const nobody = 65_534;

/** Undefined when the server runs as whoever asks. */
export function serverAccount(uid = process.getuid?.()): Account | undefined {
  if (uid !== 0) return undefined;
  return accountNamed("postgres") ?? accountNamed("nobody") ?? { uid: nobody, gid: nobody };
}

function accountNamed(name: string): Account | undefined {
  if (!existsSync("/etc/passwd")) return undefined;
  for (const line of readFileSync("/etc/passwd", "utf8").split("\n")) {
    const [user, , uid, gid] = line.split(":");
    if (user === name && uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  return undefined;
}

/** Whether an account can walk down to a folder (the part of its path that exists). */
export function canReach(folder: string, account: Account | undefined): boolean {
  if (!account) return true;
  for (let path = folder; ; path = dirname(path)) {
    if (existsSync(path) && !mayEnter(path, account)) return false;
    if (path === dirname(path)) return true;
  }
}

function mayEnter(path: string, account: Account): boolean {
  const { mode, uid, gid } = statSync(path);
  if (uid === account.uid) return (mode & 0o100) !== 0;
  return gid === account.gid ? (mode & 0o010) !== 0 : (mode & 0o001) !== 0;
}

export function requireReach(folder: string, account: Account | undefined): void {
  if (canReach(folder, account)) return;
  throw new PostgresError(
    "unreachable_folder",
    `${folder} is in a folder that only root may enter, and PostgreSQL does not run as root (it is started as uid ` +
      `${account?.uid ?? 0}); choose a folder that others may enter, for example below /var/tmp`,
  );
}
