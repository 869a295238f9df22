import { bestVersion } from "./best-version.ts";
import { decode, YamlError } from "@fairway/yaml";
import { describe, type ChartRequest } from "./chart-request.ts";
import { ChartsError } from "./charts-error.ts";

/** A row of a repository's `index.yaml`. */
export interface IndexEntry {
  readonly version: string;
  readonly urls: readonly string[];
  /** SHA-256 of the archive, where the index has it. */
  readonly digest: string | undefined;
}

export type RepositoryIndex = ReadonlyMap<string, readonly IndexEntry[]>;

export function parseIndex(text: string, url: string): RepositoryIndex {
  const document = decodeIndex(text, url);
  const entries = fieldOf(document, "entries");
  if (typeof entries !== "object" || entries === null) {
    throw new ChartsError("invalid-answer", `${url} is no chart repository index: it has no entries`);
  }
  const index = new Map<string, readonly IndexEntry[]>();
  for (const [name, rows] of Object.entries(entries)) {
    index.set(name, Array.isArray(rows) ? rows.flatMap((row) => entryOf(row) ?? []) : []);
  }
  return index;
}

function decodeIndex(text: string, url: string): unknown {
  try {
    return decode(text);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw new ChartsError("invalid-answer", `${url} is no YAML: ${error.message}`, { cause: error });
  }
}

function entryOf(row: unknown): IndexEntry | undefined {
  const version = fieldOf(row, "version");
  const urls = fieldOf(row, "urls");
  const digest = fieldOf(row, "digest");
  if (typeof version !== "string" || !Array.isArray(urls)) return undefined;
  return {
    version,
    urls: urls.filter((url) => typeof url === "string"),
    digest: typeof digest === "string" && digest !== "" ? digest.replace(/^sha256:/, "") : undefined,
  };
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
  const version = bestVersion(
    request.version,
    rows.map((row) => row.version),
  );
  const row = rows.find((each) => each.version === version);
  if (row) return row;
  const newest = rows.slice(0, 5).map((each) => each.version);
  throw new ChartsError("no-version", `${describe(request)}: no such version; there are ${newest.join(", ")}, ...`);
}
