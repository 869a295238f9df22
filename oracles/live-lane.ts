// The checks that need the real engines. Where they can't run, it says why and ends with 0; a wrong answer ends with 1.
import { parseArgs } from "node:util";
import { ensureBinaries, estimateSeconds, missingBinaries } from "./kubernetes/binaries.ts";
import { embeddedAcceptance, realAcceptance } from "./lane/acceptance-steps.ts";
import { embeddedConformance, realConformance } from "./lane/conformance-steps.ts";
import { imagesRun } from "./lane/images-step.ts";
import { buildSecondsMin } from "./lane/limits.ts";
import { realSteps } from "./lane/real-steps.ts";
import { renderedState } from "./lane/rendered-state-step.ts";
import { rustTemplate } from "./lane/rust-step.ts";
import { shopOnBothStep } from "./lane/shop-step.ts";
import type { Lane, Outcome, Step } from "./lane/step.ts";
import { messageOf } from "./machine/oracle-error.ts";
import { reportToTerminal, spokenSeconds } from "./machine/report.ts";
import { missingToolsLine } from "./machine/tools.ts";

const help = `The live lane: the checks that need the real engines.

  node oracles/live-lane.ts [--budget MINUTES] [--whole] [--only TEXT]

  --budget N   no step is begun that can't end within N minutes (default: 20)
  --whole      everything: ten ups and downs, all conformance specs on both clusters; takes about an hour and a
               half, and no budget holds
  --only TEXT  the steps whose title holds the text
`;

const steps: readonly Step[] = [
  ...realSteps,
  renderedState,
  realAcceptance,
  embeddedAcceptance,
  embeddedConformance,
  shopOnBothStep,
  imagesRun,
  rustTemplate,
  realConformance,
];

/** Why a step can't run here and now, or undefined. */
function obstacle(step: Step, lane: Lane): string | undefined {
  if (process.platform !== "linux") return "the engines run on Linux alone";
  const reason = step.obstacle();
  if (reason !== undefined) return reason;
  const missing = missingBinaries(step.binaries);
  if (missing.length > 0) {
    const noGo = missingToolsLine(["go"]);
    if (noGo !== undefined) return `${missing.join(", ")} not built, and ${noGo}`;
  }
  const left = lane.leftSeconds();
  const build = estimateSeconds(step.binaries);
  if (build > 0 && left < Math.max(build + step.seconds, buildSecondsMin)) {
    return `${missing.join(", ")} not built: building takes about ${spokenSeconds(build)}, ${spokenSeconds(left)} are left`;
  }
  if (left < step.seconds) return `it takes up to ${spokenSeconds(step.seconds)}, ${spokenSeconds(left)} are left`;
  return undefined;
}

async function perform(step: Step, lane: Lane): Promise<Outcome> {
  const reason = obstacle(step, lane);
  if (reason !== undefined) return { kind: "skipped", text: reason };
  try {
    await ensureBinaries(step.binaries, { report: reportToTerminal });
    return await step.run(lane);
  } catch (error) {
    return { kind: "failed", text: messageOf(error) };
  }
}

async function main(args: readonly string[]): Promise<number> {
  const options = {
    budget: { type: "string", default: "20" },
    whole: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    help: { type: "boolean", default: false },
  } as const;
  const { values } = parseArgs({ args: [...args], options });
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const minutes = Number(values.budget);
  if (!Number.isFinite(minutes) || minutes <= 0) {
    reportToTerminal(`--budget takes minutes, not ${values.budget}`);
    return 2;
  }
  const { whole, only } = values;
  const chosen = steps.filter(({ title }) => title.includes(only));
  if (chosen.length === 0) {
    reportToTerminal(`no step's title holds ${only}`);
    return 2;
  }
  const deadline = performance.now() + minutes * 60_000;
  const leftSeconds = (): number =>
    whole ? Number.MAX_SAFE_INTEGER : Math.max(0, Math.floor((deadline - performance.now()) / 1000));
  const lines: string[] = [];
  let hasFailed = false;
  for (const step of chosen) {
    reportToTerminal(`== ${step.title}`);
    const begun = performance.now();
    const { kind, text } = await perform(step, { whole, leftSeconds });
    hasFailed ||= kind === "failed";
    const took = kind === "skipped" ? "" : ` (${spokenSeconds((performance.now() - begun) / 1000)})`;
    lines.push(`${kind.padEnd(8)}${step.title}${took}: ${text}`);
    reportToTerminal(lines.at(-1) ?? "");
  }
  process.stdout.write(`\nlive lane\n${lines.map((line) => `  ${line}\n`).join("")}`);
  return hasFailed ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
