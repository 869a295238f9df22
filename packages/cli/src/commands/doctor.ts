import { defineCommand } from "../command/command.ts";
import { checkContainers } from "../doctor/containers.ts";
import type { Finding } from "../doctor/finding.ts";
import { thisMachine, type Machine } from "../doctor/machine.ts";
import { checkResources } from "../doctor/resources.ts";
import { checkTools } from "../doctor/tools.ts";
import { exitCode } from "../exit-code.ts";
import type { Style } from "../terminal/style.ts";
import { table } from "../terminal/table.ts";

export const doctorCommand = defineCommand({
  summary: "Say what this machine offers and what that means",
  description: "Looks at tools, containers, memory, disk and ports. Changes nothing.",
  positionals: [],
  options: {},
  examples: [
    { command: "fairway doctor", meaning: "Is this machine fit?" },
    {
      command: "fairway doctor --json | jq '.findings[] | select(.status != \"ok\")'",
      meaning: "What is not as it should be",
    },
  ],
  async run({ terminal, cwd, env }) {
    const findings = await terminal.progress("looking at this machine", () => examine(thisMachine(cwd, env)));
    const fit = isFit(findings);
    terminal.print({ fit, findings }, (style) => report(findings, style));
    return fit ? exitCode.ok : exitCode.environmentNotFit;
  },
});

export async function examine(machine: Machine): Promise<readonly Finding[]> {
  const parts = await Promise.all([checkTools(machine), checkContainers(machine), checkResources(machine)]);
  return parts.flat();
}

export function isFit(findings: readonly Finding[]): boolean {
  return !findings.some((each) => each.required && each.status === "missing");
}

function report(findings: readonly Finding[], style: Style): string {
  const marks = { ok: style.good("ok"), limited: style.warning("limited"), missing: style.warning("missing") };
  const rows = findings.map((each) => [
    each.required && each.status === "missing" ? style.bad("missing") : marks[each.status],
    each.subject,
    each.found,
    each.meaning,
  ]);
  const verdict = isFit(findings)
    ? style.good("This machine is fit for Fairway.")
    : style.bad("This machine is not fit for Fairway yet: mend what is missing above.");
  return `${table(rows)}\n\n${verdict}`;
}
