import type { ExitCode } from "../exit-code.ts";
import type { Terminal } from "../terminal/terminal.ts";
import type { CatalogueEntry } from "./catalogue-entry.ts";

/** One `--option`. `strings` may be given several times, in order. */
export interface OptionSpec {
  readonly type: "boolean" | "string" | "strings" | "integer";
  readonly summary: string;
  readonly short?: string;
  /** What stands for the value in the help: `--dir DIR`. */
  readonly valueName?: string;
  readonly choices?: readonly string[];
  /** Of an integer, both inclusive. */
  readonly min?: number;
  readonly max?: number;
}

export type OptionTable = Readonly<Record<string, OptionSpec>>;

export interface PositionalSpec {
  readonly name: string;
  readonly summary: string;
  readonly required?: boolean;
  readonly variadic?: boolean;
}

export interface Example {
  readonly command: string;
  readonly meaning: string;
}

type OptionValue<S extends OptionSpec> = S["type"] extends "boolean"
  ? boolean
  : S["type"] extends "strings"
    ? readonly string[]
    : S["type"] extends "integer"
      ? number | undefined
      : string | undefined;

export type OptionValues<O extends OptionTable> = { readonly [K in keyof O]: OptionValue<O[K]> };

export interface CommandInput<O extends OptionTable> {
  readonly options: OptionValues<O>;
  readonly positionals: readonly string[];
}

/** What a command may touch of the world, handed in so that a test can run it in process. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** All commands, for those that speak about the others. */
  readonly catalogue: readonly CatalogueEntry[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

export interface Command<O extends OptionTable = OptionTable> {
  readonly summary: string;
  /** Paragraphs below the usage line of the help. */
  readonly description?: string;
  readonly positionals: readonly PositionalSpec[];
  readonly options: O;
  /** The words go to the command as they are: it has the options of another tool, which these rows describe. */
  readonly foreignOptions?: readonly (readonly [string, string])[];
  readonly examples: readonly [Example, ...Example[]];
  run(context: CommandContext, input: CommandInput<O>): Promise<ExitCode>;
}

/** Keeps the option types of a command for its `run`, and forgets them for the catalogue. */
export function defineCommand<const O extends OptionTable>(command: Command<O>): Command {
  return command as unknown as Command;
}
