// npm run oracle -- diff ...
import { parseArgs } from "node:util";
import { OracleError } from "../machine/oracle-error.ts";
import { reportToTerminal } from "../machine/report.ts";
import { ensureClients, kubectlVersions } from "./clients/client-programs.ts";
import { checkRecorded, recordAnswers } from "./recorded-check.ts";
import { compareClusters } from "./compare-clusters.ts";
import type { Comparison } from "./compare/comparison.ts";
import { showComparison } from "./compare/comparison.ts";
import { levels } from "./run/level.ts";
import type { Level } from "./run/level.ts";
import { parallelScenarios } from "./run/limits.ts";
import { readScenarios } from "./scenario/read-scenarios.ts";
import { variantsOf } from "./run/run-scenario.ts";
import type { ScenarioVariant } from "./run/run-scenario.ts";
import { measureFaults, showMeasurement } from "./wrong-proxy.ts";

export const diffHelp = `The same scenarios on two clusters, or on one and on what the real one answered.

  npm run oracle -- diff A B                     two kubeconfigs; A is right
  npm run oracle -- diff check --kubeconfig F    a cluster against the recorded answers
  npm run oracle -- diff record --kubeconfig F   keeps F's answers: F is a real, fresh cluster
  npm run oracle -- diff faults --kubeconfig F   a wrong proxy before F: which of its faults are noticed?
  npm run oracle -- diff clients                 fetches kubectl ${kubectlVersions[0]} to ${kubectlVersions.at(-1)} and helm with npm
  npm run oracle -- diff list                    the scenarios

  --focus RE      only scenarios whose "topic / name" matches
  --level L       ${levels.join(", ")}; found out by looking when left out
  --parallel N    scenarios at once (default ${parallelScenarios})
  --json          the result as JSON on standard output
  --seed N        of the faults (default 1)
  --rounds N      how often each scenario meets a fault (default 3)

Exit code 1 when something differs. The format of scenarios: README.md of oracles/diff.
`;

const flags = {
  kubeconfig: { type: "string" },
  focus: { type: "string" },
  level: { type: "string" },
  parallel: { type: "string" },
  seed: { type: "string" },
  rounds: { type: "string" },
  json: { type: "boolean", default: false },
} as const;

interface Options {
  readonly variants: readonly ScenarioVariant[];
  readonly level?: Level;
  readonly parallel: number;
  readonly json: boolean;
  readonly seed: number;
  readonly rounds: number;
  /** True when no scenario was left out by --focus. */
  readonly whole: boolean;
}

export async function diffCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], options: flags, allowPositionals: true });
  const focus = new RegExp(values.focus ?? "", "u");
  const level = values.level === undefined ? {} : { level: levelOf(values.level) };
  const variants = readScenarios()
    .flatMap(variantsOf)
    .filter(({ id }) => focus.test(id));
  const options: Options = {
    variants,
    ...level,
    parallel: positive("--parallel", values.parallel, parallelScenarios),
    json: values.json,
    seed: positive("--seed", values.seed, 1),
    rounds: positive("--rounds", values.rounds, 3),
    whole: values.focus === undefined,
  };
  const [first, second] = positionals;
  if (second !== undefined && first !== undefined) return show(await compareClusters(first, second, options), options);
  return subcommand(first, values.kubeconfig, options);
}

async function subcommand(name: string | undefined, kubeconfig: string | undefined, options: Options): Promise<number> {
  if (name === "clients") {
    await ensureClients(kubectlVersions, reportToTerminal);
    return 0;
  }
  if (name === "list") {
    const lines = options.variants.map(({ id, scenario }) => `${scenario.needs.padEnd(12)}${id}`);
    process.stdout.write(`${lines.join("\n")}\n`);
    return 0;
  }
  if (kubeconfig === undefined) throw new OracleError("usage", "two kubeconfigs, or --kubeconfig F: see --help");
  if (name === "record") return show(await recordAnswers(kubeconfig, options), options);
  if (name === "check") return show(await checkRecorded(kubeconfig, options), options);
  if (name === "faults") {
    const measured = await measureFaults(kubeconfig, options);
    process.stdout.write(options.json ? `${JSON.stringify(measured)}\n` : showMeasurement(measured));
    return measured.share >= 0.95 ? 0 : 1;
  }
  throw new OracleError("usage", `no command ${name ?? ""}: there is check, record, faults, clients, list`);
}

function show(comparison: Comparison, options: Options): number {
  process.stdout.write(options.json ? `${JSON.stringify(comparison)}\n` : showComparison(comparison));
  return comparison.results.some(({ outcome }) => outcome === "different" || outcome === "broken") ? 1 : 0;
}

function levelOf(text: string): Level {
  const found = levels.find((level) => level === text);
  if (found === undefined) throw new OracleError("usage", `--level ${text}: one of ${levels.join(", ")}`);
  return found;
}

function positive(flag: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new OracleError("usage", `${flag} ${text}: a whole number from 1`);
  return value;
}
