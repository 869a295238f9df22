import { HelmError, messageOf } from "../errors.ts";
import { mergeMaps } from "./merge-maps.ts";
import { parseValuesFile } from "./values-file.ts";
import { applySetLine } from "./set-line.ts";
import type { SetDialect } from "./set-line.ts";
import { listOrScalar, readJson, readLiteral, typedValue } from "./set-value.ts";
import { isTable } from "./table.ts";
import type { Table } from "./table.ts";

/** What the user says on the command line about values, in Helm's order of precedence: each field wins over those before it. */
export interface UserValues {
  /** `--values`: the files' names (for errors) and contents, later files win. */
  readonly files?: readonly { readonly name: string; readonly content: string }[];
  /** `--set-json` */
  readonly setJson?: readonly string[];
  /** `--set` */
  readonly set?: readonly string[];
  /** `--set-string` */
  readonly setString?: readonly string[];
  /** `--set-file` */
  readonly setFile?: readonly string[];
  /** `--set-literal` */
  readonly setLiteral?: readonly string[];
}

/** Gives the content of a file that `--set-file` names; throws with the system's message when it can't. */
export type ReadSetFile = (path: string) => string;

export function mergeUserValues(user: UserValues, readSetFile: ReadSetFile = refuseFile): Table {
  let values: Table = {};
  for (const file of user.files ?? []) values = mergeMaps(values, readFile(file));
  for (const line of user.setJson ?? []) values = mergeJson(values, line);
  applyAll(values, "--set", user.set, typed);
  applyAll(values, "--set-string", user.setString, strings);
  applyAll(values, "--set-file", user.setFile, { escapes: true, commas: true, readValue: listOrScalar(readSetFile) });
  applyAll(values, "--set-literal", user.setLiteral, literal);
  return values;
}

const typed: SetDialect = { escapes: true, commas: true, readValue: listOrScalar(typedValue) };
const strings: SetDialect = { escapes: true, commas: true, readValue: listOrScalar((text) => text) };
const json: SetDialect = { escapes: true, commas: true, readValue: readJson };
const literal: SetDialect = { escapes: false, commas: false, readValue: readLiteral };

function applyAll(values: Table, flag: string, lines: readonly string[] | undefined, dialect: SetDialect): void {
  for (const line of lines ?? []) {
    try {
      applySetLine(line, values, dialect);
    } catch (error) {
      throw new HelmError("values-invalid", `failed parsing ${flag} data: ${messageOf(error)}`, { cause: error });
    }
  }
}

function readFile(file: { readonly name: string; readonly content: string }): Table {
  try {
    return parseValuesFile(file.content);
  } catch (error) {
    throw new HelmError("values-invalid", `failed to parse ${file.name}: ${messageOf(error)}`, { cause: error });
  }
}

function mergeJson(values: Table, line: string): Table {
  const text = line.trim();
  if (text.startsWith("{")) {
    const parsed = parseObject(text);
    if (parsed === undefined) throw new HelmError("values-invalid", `failed parsing --set-json data JSON: ${line}`);
    return mergeMaps(values, parsed);
  }
  try {
    applySetLine(line, values, json);
  } catch (error) {
    throw new HelmError("values-invalid", `failed parsing --set-json data ${line}`, { cause: error });
  }
  return values;
}

function parseObject(text: string): Table | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return isTable(parsed) ? parsed : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function refuseFile(path: string): string {
  throw new HelmError("usage", `open ${path}: --set-file needs a reader of files`);
}

/** The files that `--set-file` lines name, so that they can be read beforehand. Lines at fault are left for the merge. */
export function setFilePaths(lines: readonly string[]): string[] {
  const paths: string[] = [];
  const collect: SetDialect = {
    escapes: true,
    commas: true,
    readValue: listOrScalar((path) => {
      paths.push(path);
      return "";
    }),
  };
  for (const line of lines) {
    try {
      applySetLine(line, {}, collect);
    } catch (error) {
      if (!(error instanceof HelmError)) throw error;
    }
  }
  return paths;
}
