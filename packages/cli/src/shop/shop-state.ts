import { existsSync, readFileSync, renameSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { writePrivate, type BackgroundState } from "../background/background-process.ts";
import type { Terminal } from "../terminal/terminal.ts";
import type { ShopHome } from "./shop-home.ts";

export interface RunningService {
  readonly name: string;
  readonly url: string;
  readonly pid: number;
  readonly restarts: number;
}

/** What runs now, for the commands that look at it and for tests that disturb it. */
export interface ShopState extends BackgroundState {
  readonly readyAfterMs?: number;
  readonly gateway: string;
  readonly collector: string;
  readonly database: { readonly pid: number; readonly port: number };
  readonly databaseUrls: Readonly<Record<string, string>>;
  readonly services: readonly RunningService[];
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
    writePrivate(path, secrets);
    return made;
  };
}

/** Earlier versions had other secrets and databases, which those of today can't read: their folder makes room, and a person is told. */
export function setEarlierAside({ folder }: ShopHome, terminal: Terminal): void {
  if (!existsSync(join(folder, "secrets.json"))) return;
  const aside = `${folder}-until-${new Date().toISOString().slice(0, 19).replaceAll(":", "-")}`;
  renameSync(folder, aside);
  terminal.note(
    `the data of an earlier version can't be read any more: it is in ${aside} now, and the shop begins anew`,
  );
}
