import { parseArgs } from "node:util";
import { CliError } from "../cli-error.ts";
import type { Command, CommandInput, OptionSpec, OptionTable } from "./command.ts";
import { nearestName } from "@fairway/spec";

/** Options that every command takes. */
export const globalOptions = {
  help: { type: "boolean", short: "h", summary: "Show this help" },
  json: { type: "boolean", summary: "Print data as JSON on standard output" },
  "no-color": { type: "boolean", summary: "No colours (NO_COLOR does the same)" },
} as const satisfies OptionTable;

export interface ParsedArguments {
  readonly global: { readonly help: boolean; readonly json: boolean; readonly noColor: boolean };
  readonly input: CommandInput<OptionTable>;
}

type Value = boolean | string | number | string[];

/** Turns the words after the command's name into typed values, or says which word is wrong and which was meant. */
export function parseArguments(
  command: Command,
  words: readonly string[],
  path: readonly string[] = [],
): ParsedArguments {
  if (command.foreignOptions) return passThrough(words);
  const table: OptionTable = { ...command.options, ...globalOptions };
  const values = new Map<string, Value>();
  const positionals: string[] = [];
  for (const token of tokenize(table, words)) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind === "option") setOption({ table, values, path }, token);
  }
  const help = values.get("help") === true;
  if (!help) checkPositionals(command, positionals, path);
  return {
    global: { help, json: values.get("json") === true, noColor: values.get("no-color") === true },
    input: { options: withAbsentOptions(command.options, values), positionals },
  };
}

/** Only our own switches are taken out; everything else is for the command to read. */
function passThrough(words: readonly string[]): ParsedArguments {
  const isOurs = (word: string) => ["--help", "-h", "--json", "--no-color"].includes(word);
  const global = {
    help: words.includes("--help") || words.includes("-h"),
    json: words.includes("--json"),
    noColor: words.includes("--no-color"),
  };
  return { global, input: { options: {}, positionals: words.filter((word) => !isOurs(word)) } };
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

function tokenize(table: OptionTable, words: readonly string[]) {
  const options = Object.fromEntries(
    Object.entries(table).map(([name, spec]) => [
      name,
      { type: spec.type === "boolean" ? ("boolean" as const) : ("string" as const), ...shortOf(spec) },
    ]),
  );
  return parseArgs({ args: [...words], options, strict: false, allowPositionals: true, tokens: true }).tokens;
}

function shortOf(spec: OptionSpec): { short?: string } {
  return spec.short === undefined ? {} : { short: spec.short };
}

interface OptionTarget {
  readonly table: OptionTable;
  readonly values: Map<string, Value>;
  readonly path: readonly string[];
}

function setOption(target: OptionTarget, token: OptionToken): void {
  const spec = Object.hasOwn(target.table, token.name) ? target.table[token.name] : undefined;
  if (!spec) throw unknownOption(target, token.rawName);
  const value = optionValue(spec, token);
  const known = target.values.get(token.name);
  if (spec.type === "strings" && typeof value === "string") {
    target.values.set(token.name, Array.isArray(known) ? [...known, value] : [value]);
    return;
  }
  target.values.set(token.name, value);
}

function optionValue(spec: OptionSpec, token: OptionToken): Exclude<Value, string[]> {
  if (spec.type === "boolean") {
    if (token.value === undefined || token.value === "true") return true;
    if (token.value === "false") return false;
    throw new CliError("bad-usage", `${token.rawName} is a switch; found the value "${token.value}"`, {
      hint: `write ${token.rawName} or ${token.rawName}=false`,
    });
  }
  // parseArgs takes the next word whatever it is; a following option is far more often a forgotten value.
  if (token.value === undefined || (!token.inlineValue && /^--?[a-z]/i.test(token.value))) {
    throw new CliError("bad-usage", `${token.rawName} needs a value`, {
      hint: `write ${token.rawName} ${spec.valueName ?? "VALUE"}, or ${token.rawName}=-VALUE for one that starts with a dash`,
    });
  }
  if (spec.choices && !spec.choices.includes(token.value)) {
    const nearest = nearestName(token.value, spec.choices);
    throw new CliError(
      "bad-usage",
      `${token.rawName} does not take "${token.value}"; allowed: ${spec.choices.join(", ")}`,
      {
        hint: nearest && `did you mean ${token.rawName} ${nearest}?`,
      },
    );
  }
  if (spec.type !== "integer") return token.value;
  return integerValue(spec, { rawName: token.rawName, value: token.value });
}

function integerValue({ min, max }: OptionSpec, { rawName, value }: { rawName: string; value: string }): number {
  const number = /^-?\d{1,15}$/.test(value) ? Number(value) : undefined;
  if (number !== undefined && number >= (min ?? number) && number <= (max ?? number)) return number;
  const range = min === undefined ? "" : max === undefined ? ` that is at least ${min}` : ` from ${min} to ${max}`;
  throw new CliError("bad-usage", `${rawName} needs a whole number${range}; found "${value}"`);
}

function unknownOption({ table, path }: OptionTarget, rawName: string): CliError {
  const nearest = nearestName(
    rawName,
    Object.keys(table).map((name) => `--${name}`),
  );
  return new CliError("bad-usage", `unknown option ${rawName}`, {
    hint: nearest ? `did you mean ${nearest}?` : `${helpOf(path)} shows the options`,
  });
}

function helpOf(path: readonly string[]): string {
  return ["fairway", ...path, "--help"].join(" ");
}

function checkPositionals(command: Command, given: readonly string[], path: readonly string[]): void {
  const missing = command.positionals.filter((spec) => spec.required)[given.length];
  if (missing)
    throw new CliError("bad-usage", `${missing.name} is missing: ${missing.summary}`, { hint: helpOf(path) });
  const surplus = given[command.positionals.length];
  if (surplus !== undefined && !command.positionals.at(-1)?.variadic) {
    throw new CliError("bad-usage", `unexpected argument "${surplus}"`, { hint: helpOf(path) });
  }
}

function withAbsentOptions(
  options: OptionTable,
  values: ReadonlyMap<string, Value>,
): CommandInput<OptionTable>["options"] {
  const absent = { boolean: false, strings: [], string: undefined, integer: undefined };
  return Object.fromEntries(
    Object.entries(options).map(([name, spec]) => [name, values.get(name) ?? absent[spec.type]]),
  ) as CommandInput<OptionTable>["options"];
}
