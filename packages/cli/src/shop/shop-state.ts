import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { join } from "node:path";

export interface RunningService {
  readonly name: string;
  readonly url: string;
  readonly pid: number;
  readonly restarts: number;
}

/** What runs now, for the commands that look at it and for tests that disturb it. Mode 0600: it holds passwords. */
export interface ShopState {
  /** The process that looks after all others. */
  readonly pid: number;
  readonly ready: boolean;
  readonly failure?: string;
  readonly readyAfterMs?: number;
  readonly gateway: string;
  readonly collector: string;
  readonly database: { readonly pid: number; readonly port: number };
  readonly databaseUrls: Readonly<Record<string, string>>;
  readonly services: readonly RunningService[];
}

export function readState(folder: string): ShopState | undefined {
  const path = join(folder, "state.json");
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as ShopState) : undefined;
}

export function writeState(folder: string, state: ShopState): void {
  writePrivate(folder, "state.json", state);
}

export function forgetState(folder: string): void {
  rmSync(join(folder, "state.json"), { force: true });
}

type Secrets = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What has to stay the same from start to start: made when it is first asked for. */
export function openSecrets(folder: string): (name: string, key: string) => string {
  const path = join(folder, "secrets.json");
  let secrets: Secrets = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Secrets) : {};
  return (name, key) => {
    const known = secrets[name]?.[key];
    if (known !== undefined) return known;
    const made = randomBytes(24).toString("base64url");
    secrets = { ...secrets, [name]: { ...secrets[name], [key]: made } };
    writePrivate(folder, "secrets.json", secrets);
    return made;
  };
}

/** Renamed into place, so that a reader sees the old or the new one. */
function writePrivate(folder: string, name: string, value: unknown): void {
  mkdirSync(folder, { recursive: true });
  const draft = join(folder, `${name}.${process.pid}`);
  writeFileSync(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, join(folder, name));
}
