import { checkRuntimeContract, type ClauseResult } from "@fairway/runtime-contract";
import { CliError } from "../cli-error.ts";
import { defineCommand } from "../command/command.ts";
import { exitCode } from "../exit-code.ts";
import type { Style } from "../terminal/style.ts";
import { table } from "../terminal/table.ts";

export const contractCommand = defineCommand({
  summary: "Check what a service does at run time",
  description:
    "Starts the service with HOST and PORT, and holds it against what every service does: probes, metrics, problem documents, JSON logs with the trace id, and a shutdown that finishes what has begun.",
  positionals: [{ name: "COMMAND", summary: "what starts the service, after --", required: true, variadic: true }],
  options: {
    dir: { type: "string", valueName: "DIR", summary: "The service's folder; this one by default" },
    post: {
      type: "string",
      valueName: "PATH",
      summary: "A path that takes a POST, to be in the middle of one at the end",
    },
    body: { type: "string", valueName: "JSON", summary: "The body of that POST" },
  },
  examples: [
    { command: "fairway contract -- node src/main.ts", meaning: "The service in this folder" },
    {
      command: `fairway contract --post /greetings --body '{"name":"ann"}' -- python3 -m service`,
      meaning: "Also end it while a request is coming in",
    },
  ],
  async run({ terminal, cwd }, { options, positionals: [command = "", ...args] }) {
    if ((options.post === undefined) !== (options.body === undefined))
      throw new CliError("bad-usage", "--post and --body belong together", { hint: "give both or none" });
    const post =
      options.post === undefined || options.body === undefined
        ? {}
        : { post: { path: options.post, body: options.body } };
    const results = await terminal.progress("holding the service against the runtime contract", () =>
      checkRuntimeContract({ command, args, cwd: options.dir ?? cwd, ...post }),
    );
    const broken = results.filter(({ outcome }) => outcome === "broken").length;
    terminal.print({ kept: broken === 0, clauses: results }, (style) => report(results, style));
    return broken === 0 ? exitCode.ok : exitCode.problemsFound;
  },
});

function report(results: readonly ClauseResult[], style: Style): string {
  const marks = { kept: style.good("kept"), broken: style.bad("broken"), "not checked": style.warning("not checked") };
  const rows = results.map(({ clause, outcome }) => [marks[outcome], clause]);
  const details = results
    .filter(({ outcome, detail }) => outcome === "broken" || (outcome !== "kept" && !detail.startsWith("the service")))
    .map(({ clause, detail, why }) => `\n${style.bold(clause)}\n  ${detail.replaceAll("\n", "\n  ")}\n  ${why}`);
  return [table(rows), ...details].join("\n");
}
