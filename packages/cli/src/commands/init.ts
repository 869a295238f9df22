import { fits, formats, scaffoldPlatform } from "@fairway/spec";
import { basename, resolve } from "node:path";
import { CliError } from "../cli-error.ts";
import { defineCommand } from "../command/command.ts";
import { exitCode } from "../exit-code.ts";
import { writeNewFiles } from "../write-new-files.ts";

export const initCommand = defineCommand({
  summary: "Make a new platform in a folder",
  description: "Writes platform.yaml with three environments (dev, staging, prod), and never over a file that exists.",
  positionals: [{ name: "DIR", summary: "the folder, made when it is missing; this one by default" }],
  options: { name: { type: "string", valueName: "NAME", summary: "The platform's name; the folder's by default" } },
  examples: [
    { command: "fairway init shop", meaning: "A platform in the folder shop" },
    { command: "fairway init . --name acme-shop", meaning: "Here, under another name" },
  ],
  async run({ terminal, cwd }, { options, positionals }) {
    const folder = resolve(cwd, positionals[0] ?? ".");
    const name = options.name ?? basename(folder);
    if (!fits("dns-label", name)) {
      throw new CliError(
        "bad-usage",
        `"${name}" can't be the platform's name: it has to be ${formats["dns-label"].expected}`,
        {
          hint: "give another with --name",
        },
      );
    }
    const files = scaffoldPlatform({ name });
    await writeNewFiles(folder, files);
    terminal.print({ folder, files: files.map((file) => file.path) }, (style) =>
      [
        `${style.good("made")} the platform ${style.bold(name)} in ${folder}: ${files.map((file) => file.path).join(", ")}`,
        `next: ${positionals[0] === undefined || positionals[0] === "." ? "" : `cd ${positionals[0]} && `}fairway new service NAME --language typescript`,
      ].join("\n"),
    );
    return exitCode.ok;
  },
});
