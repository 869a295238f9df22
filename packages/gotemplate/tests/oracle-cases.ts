// The cases that are put to Go and to us: text files of one case a line, and a matrix of formats.
import { readFileSync } from "node:fs";

const directory = new URL("../testdata/cases/", import.meta.url);

/** What the oracle takes: one set-up, many templates or formats. */
export interface CaseGroup {
  readonly data?: unknown;
  readonly missingkey?: string;
  readonly delims?: readonly string[];
  readonly files?: readonly (readonly [name: string, text: string])[];
  readonly templates?: readonly string[];
  readonly formats?: readonly (readonly unknown[])[];
}

/** Output; a list of one is an error; `raw` is output that is no UTF-8, in base64. */
export type Answer = string | readonly [error: string] | { readonly raw: string };

const visible: Readonly<Record<string, string>> = { "␤": "\n", "␉": "\t", "␍": "\r", "␀": "\0" };

function unescaped(line: string): string {
  return line.replace(/[␤␉␍␀]/gu, (char) => visible[char] ?? char);
}

function lines(file: string): string[] {
  const all = readFileSync(new URL(file, directory), "utf8").split("\n");
  return all.filter((line) => line !== "" && !line.startsWith("# "));
}

export function templateGroups(file: string): CaseGroup[] {
  const groups: CaseGroup[] = [];
  let setup: CaseGroup = {};
  let templates: string[] = [];
  const flush = (): void => {
    if (templates.length > 0) groups.push({ ...setup, templates });
    templates = [];
  };
  for (const line of lines(file)) {
    const directive = /^@(\w+) (.*)$/u.exec(line);
    if (directive === null) {
      templates.push(unescaped(line));
      continue;
    }
    flush();
    setup = changed(setup, directive[1] ?? "", directive[2] ?? "");
  }
  flush();
  return groups;
}

function changed(setup: CaseGroup, name: string, value: string): CaseGroup {
  switch (name) {
    case "data":
      return { data: JSON.parse(readFileSync(new URL(`${value}.json`, directory), "utf8")) };
    case "json":
      return { data: JSON.parse(value) };
    case "missingkey":
      return { ...setup, missingkey: value };
    case "delims":
      return { ...setup, delims: value.split(" ") };
    case "file": {
      const at = value.indexOf(" ");
      return { ...setup, files: [...(setup.files ?? []), [value.slice(0, at), unescaped(value.slice(at + 1))]] };
    }
    default:
      throw new Error(`unknown directive @${name} in the cases`);
  }
}

export function formatGroups(file: string): CaseGroup[] {
  const formats = lines(file).map((line): [string, ...unknown[]] => {
    const at = line.lastIndexOf(" § ");
    const args: unknown = JSON.parse(line.slice(at + 3));
    return [line.slice(0, at), ...(Array.isArray(args) ? (args as unknown[]) : [])];
  });
  return [{ formats }];
}

const flags = ["", "+", "-", "#", " ", "0", "+#", "-#", "+ ", "#0", "-0", "+0", " 0", "# "];
const sizes = ["", "1", "10", ".0", ".3", "12.4", ".", "8.2"];

const numbers = {
  ints: ["0", "7", "-42", "1234567", "-9223372036854775808"].map((v) => ({ $: "int", v })),
  uints: ["0", "255", "18446744073709551615"].map((v) => ({ $: "uint64", v })),
  floats: [0, 1, -1.5, 0.1, 123456, 1234567, 1e21, 123456789.125, 2.5, 0.000012345, 5e-324, 1.7976931348623157e308],
};

/** Every verb with every combination of flags and sizes, for a few values each. */
export function formatMatrix(): CaseGroup[] {
  const formats: [string, ...unknown[]][] = [];
  const cross = (verbs: string, values: readonly unknown[]): void => {
    let turn = 0;
    for (const verb of verbs) {
      for (const flag of flags)
        for (const size of sizes) formats.push([`%${flag}${size}${verb}|`, values[turn++ % values.length]]);
    }
  };
  cross("dvxXobOcqUst", numbers.ints);
  cross("dvxX", numbers.uints);
  cross("eEfFgGvbxXsd", numbers.floats);
  cross(
    "eEfgGvx",
    ["0.1", "1e10", "-3.25", "16777216"].map((v) => ({ $: "float32", v })),
  );
  cross(
    "gvfx",
    ["+Inf", "-Inf", "NaN"].map((v) => ({ $: "float64", v })),
  );
  cross("svqxXTd", ["hello", "", "世界é", 'a"`\n']);
  cross("tvsd", [true, false]);
  cross("vdsqxT", [[1, "a", null], { k: [1.5] }, { $: "bytes", v: "YWL/" }]);
  return [{ formats }];
}

/** Everything, by the name of the file of answers. */
export function allCases(): Record<string, CaseGroup[]> {
  return {
    execute: templateGroups("execute.txt"),
    parse: templateGroups("parse.txt"),
    missingkey: templateGroups("missingkey.txt"),
    dot: templateGroups("dot.txt"),
    formats: formatGroups("formats.txt"),
    "format-matrix": formatMatrix(),
  };
}
