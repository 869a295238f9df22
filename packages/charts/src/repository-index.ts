import { decode, YamlError } from "@fairway/yaml";
import { parseVersion } from "@fairway/helm";
import { bestVersion } from "./best-version.ts";
import { describe, type ChartRequest } from "./chart-request.ts";
import { ChartsError } from "./charts-error.ts";
import { indexBytesMax } from "./limits.ts";

/** A row of a repository's `index.yaml`. */
export interface IndexEntry {
  readonly version: string;
  /** Where the archive lies; Helm takes the first address of a row, and so do we. */
  readonly location: string;
  /** SHA-256 of the archive, where the index has it. */
  readonly digest: string | undefined;
}

export type RepositoryIndex = ReadonlyMap<string, readonly IndexEntry[]>;

type KeptRow = readonly [version: string, location: string, digest?: string];

/**
 * What of an `index.yaml` is needed to find an archive, as JSON: large indexes have 20 MiB and take seconds to read, a
 * hundredth of which says where the archives are.
 */
export function condenseIndex(text: string, url: string): string {
  const entries = fieldOf(decodeIndex(text, url), "entries");
  if (typeof entries !== "object" || entries === null) {
    throw new ChartsError("invalid-answer", `${url} is no index of a chart repository: it has no entries`);
  }
  return JSON.stringify(
    Object.entries(entries).map(([name, rows]) => [
      name,
      Array.isArray(rows) ? rows.flatMap((row) => condenseRow(row) ?? []) : [],
    ]),
  );
}

function condenseRow(row: unknown): [KeptRow] | undefined {
  const version = fieldOf(row, "version");
  const urls = fieldOf(row, "urls");
  const digest = fieldOf(row, "digest");
  // Helm drops rows whose version is none, and tells nobody either.
  if (typeof version !== "string" || !parseVersion(version) || !Array.isArray(urls)) return undefined;
  const location = typeof urls[0] === "string" ? urls[0] : "";
  // YAML takes a hash of nothing but digits for a number: it must not count as no hash.
  const hash = digest === undefined || digest === null ? "" : `${digest as string}`.replace(/^sha256:/, "");
  return [hash === "" ? [version, location] : [version, location, hash]];
}

/** Reads what condenseIndex wrote. */
export function readCondensedIndex(text: string): RepositoryIndex {
  const charts = JSON.parse(text) as readonly (readonly [name: string, rows: readonly KeptRow[]])[];
  return new Map(
    charts.map(([name, rows]) => [name, rows.map(([version, location, digest]) => ({ version, location, digest }))]),
  );
}

function decodeIndex(text: string, url: string): unknown {
  try {
    return isJson(text) ? JSON.parse(text) : decode(text, { limits: { textLengthMax: indexBytesMax } });
  } catch (error) {
    if (!(error instanceof YamlError) && !(error instanceof SyntaxError)) throw error;
    throw new ChartsError("invalid-answer", `${url} can't be read as YAML: ${error.message}`, { cause: error });
  }
}

function isJson(text: string): boolean {
  return /^\s*\{\s*"/.test(text);
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}

/** The row that Helm would take: the exact version if there is one, else the highest that the constraint allows. */
export function findEntry(index: RepositoryIndex, request: ChartRequest): IndexEntry {
  const rows = index.get(request.name);
  if (!rows) throw new ChartsError("not-found", `${describe(request)}: the repository has no chart of this name`);
  const versions = rows.map((row) => row.version);
  const version = bestVersion(request.version, versions);
  const row = rows.find((each) => each.version === version);
  if (row) return row;
  throw new ChartsError("no-version", `${describe(request)}: no such version; ${listed(versions)}`);
}

/** A few versions for a message. */
export function listed(versions: readonly string[]): string {
  const few = versions.slice(0, 5).join(", ");
  return versions.length === 0 ? "there is none" : `there are ${few}${versions.length > 5 ? ", ..." : ""}`;
}
