import type { Style } from "../terminal/style.ts";
import { table } from "../terminal/table.ts";
import { exitCode } from "../exit-code.ts";
import { globalOptions } from "./arguments.ts";
import type { CatalogueEntry } from "./catalogue-entry.ts";
import type { Command, OptionTable, PositionalSpec } from "./command.ts";

export function overviewHelp(style: Style, entries: readonly CatalogueEntry[]): string {
  const groups = Map.groupBy(entries, (entry) => entry.group);
  const sections = [...groups].map(([group, members]) => {
    const rows = members.map((entry) => [`  ${entry.path.join(" ")}`, entry.summary]);
    return `${style.bold(group)}\n${table(rows)}`;
  });
  return [
    "Describe a service once. Rehearse every change before it merges. Ship the very same state to Kubernetes.",
    `${style.bold("Usage")}\n  fairway COMMAND [OPTIONS]`,
    ...sections,
    `${style.bold("Examples")}\n  fairway init shop && cd shop\n  fairway new service orders --language typescript\n  fairway check`,
    exitCodes(style),
    `fairway COMMAND --help shows the options and examples of a command.`,
  ].join("\n\n");
}

/** Of `fairway cluster`. */
export function groupHelp(style: Style, word: string, members: readonly CatalogueEntry[]): string {
  const rows = members.map(({ path, summary }) => [`  ${path.slice(1).join(" ")}`, summary]);
  return [
    `${style.bold("Usage")}\n  fairway ${word} COMMAND [OPTIONS]`,
    `${style.bold("Commands")}\n${table(rows)}`,
    `fairway ${word} COMMAND --help shows the options and examples of a command.`,
  ].join("\n\n");
}

export function commandHelp(path: readonly string[], command: Command, style: Style): string {
  const name = `fairway ${path.join(" ")}`;
  const usage = [name, ...command.positionals.map(positionalUsage), "[OPTIONS]"].join(" ");
  const sections = [command.summary, `${style.bold("Usage")}\n  ${usage}`];
  if (command.description) sections.splice(1, 0, command.description);
  if (command.positionals.length > 0) {
    sections.push(
      `${style.bold("Arguments")}\n${table(command.positionals.map((spec) => [`  ${spec.name}`, spec.summary]))}`,
    );
  }
  if (command.foreignOptions) {
    const rows = command.foreignOptions.map(([option, meaning]) => [`  ${option}`, meaning]);
    sections.push(`${style.bold("Options")}\n${table(rows)}\n${optionRows(globalOptions)}`);
  } else sections.push(`${style.bold("Options")}\n${optionRows({ ...command.options, ...globalOptions })}`);
  const examples = command.examples.map((example) => `  ${style.dim(`# ${example.meaning}`)}\n  ${example.command}`);
  sections.push(`${style.bold("Examples")}\n${examples.join("\n")}`, exitCodes(style));
  return sections.join("\n\n");
}

function exitCodes(style: Style): string {
  const rows = [
    [exitCode.ok, "done"],
    [exitCode.problemsFound, "problems or differences were found"],
    [exitCode.badUsage, "the command line is wrong"],
    [exitCode.environmentNotFit, "this machine lacks something; fairway doctor says what"],
    [exitCode.internalError, "a defect of Fairway; please report it"],
    [exitCode.interrupted, "interrupted"],
  ] as const;
  return `${style.bold("Exit codes")}\n${table(rows.map(([code, meaning]) => [`  ${code}`, meaning]))}`;
}

function positionalUsage(spec: PositionalSpec): string {
  const word = spec.variadic ? `${spec.name}...` : spec.name;
  return spec.required ? word : `[${word}]`;
}

function optionRows(options: OptionTable): string {
  return table(
    Object.entries(options).map(([name, spec]) => {
      const short = spec.short ? `-${spec.short}, ` : "    ";
      const value = spec.type === "boolean" ? "" : ` ${spec.valueName ?? (spec.type === "integer" ? "N" : "VALUE")}`;
      const choices = spec.choices ? ` (${spec.choices.join(", ")})` : "";
      return [`  ${short}--${name}${value}`, `${spec.summary}${choices}`];
    }),
  );
}
