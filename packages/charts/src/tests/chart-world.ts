import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { sha256 } from "../chart-cache.ts";
import { ChartStore, type ChartStoreOptions } from "../chart-store.ts";
import { ChartsError, type ChartsErrorCode } from "../charts-error.ts";
import type { Answer } from "./loopback-server.ts";

export function newFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "fairway-charts-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Stores that share a cache, as the runs of one person do. */
export function newStores(t: TestContext, shared: Partial<ChartStoreOptions> = {}) {
  const cacheDirectory = newFolder(t);
  const open = (options: Partial<ChartStoreOptions> = {}) => new ChartStore({ cacheDirectory, ...shared, ...options });
  return { cacheDirectory, open };
}

/** Stands for a packaged chart: nothing here looks into one. */
export function archiveOf(version: string): Buffer {
  return Buffer.from(`archive of ${version}`);
}

export interface IndexRow {
  readonly version: string;
  readonly url?: string;
  readonly digest?: string | false;
}

export function indexYaml(rows: readonly IndexRow[], name = "shop"): string {
  const written = rows.map(({ version, url = `${name}-${version}.tgz`, digest = sha256(archiveOf(version)) }) => {
    const hash = digest === false ? "" : `\n      digest: ${digest}`;
    return `    - apiVersion: v2\n      name: ${name}\n      version: "${version}"${hash}\n      urls: ["${url}"]`;
  });
  return `apiVersion: v1\nentries:\n  ${name}:\n${written.join("\n")}\n`;
}

/** A repository of the chart `shop` below any folder. */
export function repositoryAnswer(path: string, rows: readonly IndexRow[]): Answer {
  const file = path.replace(/\?.*$/, "").split("/").at(-1);
  if (file === "index.yaml") return { headers: { etag: '"one"' }, body: indexYaml(rows) };
  const version = /^shop-(.*)\.tgz$/.exec(decodeURIComponent(file ?? ""))?.[1];
  return version === undefined ? { status: 404, body: "no such file" } : { body: archiveOf(version) };
}

/** The network is not there. */
export const offline: typeof fetch = () =>
  Promise.reject(new ChartsError("offline", "not in the cache, and the network is not to be used"));

/** For `assert.rejects`: the code, and words that must and must not stand in the message. */
export function failure(code: ChartsErrorCode, ...words: readonly RegExp[]) {
  return (error: unknown): boolean => {
    if (!(error instanceof ChartsError)) throw error;
    const missing = words.filter((word) => !word.test(error.message));
    if (error.code === code && missing.length === 0) return true;
    throw new Error(`expected ${code} with ${words.join(" ")}, got ${error.code}: ${error.message}`);
  };
}
