import { CliError } from "./cli-error.ts";
import { parseArguments } from "./command/arguments.ts";
import { findCommand, type CatalogueEntry } from "./command/catalogue-entry.ts";
import type { CommandContext } from "./command/command.ts";
import { commandHelp, groupHelp, overviewHelp } from "./command/help.ts";
import { nearestName } from "@fairway/spec";
import { exitCode, type ExitCode } from "./exit-code.ts";
import { asSystemFailure } from "./system-failure.ts";
import { createTerminal, type OutputStream, type Terminal } from "./terminal/terminal.ts";
import { version } from "./version.ts";

export interface World extends Omit<CommandContext, "terminal"> {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
}

/** From the words after `fairway` to an exit code. Nothing here knows the process it runs in. */
export async function run(givenWords: readonly string[], world: World): Promise<ExitCode> {
  const entries = world.catalogue;
  const words = helpLast(globalFlagsLast(givenWords), entries);
  const { stdout, stderr, env } = world;
  const terminalFor = (flags: { json: boolean; noColor: boolean }) => createTerminal({ stdout, stderr, env, ...flags });
  // Before the arguments are parsed only the words themselves can say how an error is to look.
  const early = terminalFor({ json: words.includes("--json"), noColor: words.includes("--no-color") });
  try {
    const found = findCommand(words, entries);
    if (!found) return runWithoutCommand(words, early, entries);
    const command = await found.entry.load();
    const { global, input } = parseArguments(command, found.rest, found.entry.path);
    const terminal = terminalFor(global);
    if (global.help) {
      const { summary, description, positionals, options, examples } = command;
      const path = found.entry.path.join(" ");
      terminal.print({ command: path, summary, description, arguments: positionals, options, examples }, (style) =>
        commandHelp(found.entry.path, command, style),
      );
      return exitCode.ok;
    }
    return await command.run(contextOf(world, terminal), input);
  } catch (error) {
    return report(error, early, world);
  }
}

/** Who asks for the signal looks after its end itself. */
function contextOf(world: World, terminal: Terminal): CommandContext {
  const { catalogue, cwd, env } = world;
  return {
    catalogue,
    cwd,
    env,
    terminal,
    get signal() {
      return world.signal;
    },
  };
}

/** `fairway --json doctor` means `fairway doctor --json`. */
function globalFlagsLast(words: readonly string[]): readonly string[] {
  const first = words.findIndex((word) => word !== "--json" && word !== "--no-color");
  return first <= 0 ? words : [...words.slice(first), ...words.slice(0, first)];
}

/** `fairway help cluster start` means `fairway cluster start --help`. */
function helpLast(words: readonly string[], entries: readonly CatalogueEntry[]): readonly string[] {
  const [first, ...rest] = words;
  const isAsked = first === "help" && entries.some(({ path }) => path[0] === rest[0]);
  return isAsked ? [...rest, "--help"] : words;
}

function runWithoutCommand(words: readonly string[], terminal: Terminal, entries: readonly CatalogueEntry[]): ExitCode {
  const word = words.find((each) => !["--json", "--no-color"].includes(each));
  if (word === "--version" || word === "-v" || word === "-V" || word === "version") {
    terminal.print({ version }, () => `fairway ${version}`);
    return exitCode.ok;
  }
  if (word === undefined || word === "--help" || word === "-h" || word === "help") {
    terminal.print({ commands: entries.map(summaryOf) }, (style) => overviewHelp(style, entries));
    return word === undefined ? exitCode.badUsage : exitCode.ok;
  }
  const members = entries.filter(({ path }) => path.length > 1 && path[0] === word);
  if (members.length > 0 && words.some((each) => ["--help", "-h", "help"].includes(each))) {
    terminal.print({ commands: members.map(summaryOf) }, (style) => groupHelp(style, word, members));
    return exitCode.ok;
  }
  throw unknownCommand(words, word, entries);
}

function summaryOf({ path, summary }: CatalogueEntry): { readonly command: string; readonly summary: string } {
  return { command: path.join(" "), summary };
}

function unknownCommand(words: readonly string[], word: string, entries: readonly CatalogueEntry[]): CliError {
  const members = entries.filter((entry) => entry.path.length > 1 && entry.path[0] === word);
  if (members.length > 0) {
    const names = members.map((entry) => entry.path.slice(1).join(" "));
    return new CliError("bad-usage", `fairway ${word} needs one of: ${names.join(", ")}`, {
      hint: `fairway ${word} --help`,
    });
  }
  const given = words.filter((each) => !each.startsWith("-"));
  const begun = [...new Set(entries.map(({ path }) => path[0]))].filter((name) => name.startsWith(word));
  const nearest =
    (begun.length === 1 ? begun[0] : undefined) ??
    nearestName(
      word,
      entries.map((entry) => entry.path[0]),
    ) ??
    nearestName(
      given.slice(0, 2).join(" "),
      entries.map((entry) => entry.path.join(" ")),
    );
  const hint = nearest ? `did you mean fairway ${nearest}?` : "fairway --help lists the commands";
  return new CliError("bad-usage", `unknown command "${word}"`, { hint });
}

function report(thrown: unknown, terminal: Terminal, world: World): ExitCode {
  if (world.signal.aborted) return exitCode.interrupted;
  const error = asSystemFailure(thrown) ?? thrown;
  if (error instanceof CliError) {
    const { code, message, hint } = error;
    terminal.note((style) =>
      terminal.json
        ? JSON.stringify({ error: { code, message, hint } })
        : `${style.bad("error:")} ${message}${hint ? `\n  ${style.dim("what to do:")} ${hint}` : ""}`,
    );
    return error.exitCode;
  }
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  terminal.note(
    terminal.json
      ? JSON.stringify({ error: { code: "internal", message: trace } })
      : `fairway ${version} failed in a way that it should not; please report this:\n${trace}`,
  );
  return exitCode.internalError;
}
