import { checkFiles, fits, formats, languages, scaffoldService, type Platform } from "@fairway/spec";
import { hasTemplate, serviceFiles } from "@fairway/templates";
import { resolve } from "node:path";
import { CliError } from "../cli-error.ts";
import { defineCommand } from "../command/command.ts";
import { exitCode } from "../exit-code.ts";
import { readDescriptions } from "../platform-folder.ts";
import { writeNewFiles } from "../write-new-files.ts";

export const newServiceCommand = defineCommand({
  summary: "Add a service to the platform",
  description:
    "Writes services/NAME with its description and a first version that runs, below the folder of the platform, and never over a file that exists.",
  positionals: [{ name: "NAME", summary: "the service's name", required: true }],
  options: {
    language: {
      type: "string",
      short: "l",
      valueName: "LANGUAGE",
      summary: "What it is written in",
      choices: languages,
    },
    owner: {
      type: "string",
      valueName: "TEAM",
      summary: "The team that answers for it; the platform's first by default",
    },
    dir: { type: "string", valueName: "DIR", summary: "The platform's folder; this one by default" },
  },
  examples: [
    { command: "fairway new service orders --language typescript", meaning: "A service in TypeScript" },
    { command: "fairway new service billing -l python --owner team-billing", meaning: "One of another team" },
  ],
  async run({ terminal, cwd }, { options, positionals: [name = ""] }) {
    const folder = resolve(cwd, options.dir ?? ".");
    const { language } = options;
    const chosen = languages.find((each) => each === language);
    if (!chosen)
      throw new CliError("bad-usage", "--language is missing", { hint: `give one of ${languages.join(", ")}` });
    if (!fits("service-name", name)) {
      throw new CliError(
        "bad-usage",
        `"${name}" can't be a service's name: it has to be ${formats["service-name"].expected}`,
      );
    }
    const { platform, services } = checkFiles(await readDescriptions(folder));
    if (!platform) {
      throw new CliError("not-found", `there is no valid platform.yaml in ${folder}`, {
        hint: "fairway init makes one, fairway check says what is wrong with it",
      });
    }
    if (services.some((service) => service.metadata.name === name)) {
      throw new CliError("already-exists", `the platform has a service ${name} already`, {
        hint: "choose another name",
      });
    }
    const owner = ownerFor(platform, options.owner);
    const sources = hasTemplate(chosen) ? await serviceFiles({ name, owner, language: chosen }) : [];
    const files = [
      ...scaffoldService({ name, language: chosen, owner }),
      ...sources.map(({ path, text }) => ({ path: `services/${name}/${path}`, text })),
    ];
    await writeNewFiles(folder, files);
    terminal.print({ folder, files: files.map((file) => file.path) }, (style) =>
      [
        sources.length > 0
          ? `${style.good("made")} ${files.length} files in services/${name}: it runs, its tests pass, and it keeps the runtime contract`
          : `${style.good("made")} services/${name}/service.yaml; there is no template for ${chosen}, so its sources are yours to write`,
        `next: describe what it needs in services/${name}/service.yaml, then fairway check`,
      ].join("\n"),
    );
    return exitCode.ok;
  },
});

function ownerFor(platform: Platform, given: string | undefined): string {
  const teams = platform.spec.teams.map((team) => team.name);
  const owner = given ?? teams[0] ?? `team-${platform.metadata.name}`;
  if (!fits("dns-label", owner)) {
    throw new CliError("bad-usage", `"${owner}" can't be a team's name: it has to be ${formats["dns-label"].expected}`);
  }
  if (teams.length > 0 && !teams.includes(owner)) {
    throw new CliError("bad-usage", `the platform has no team ${owner}`, { hint: `there are ${teams.join(", ")}` });
  }
  return owner;
}
