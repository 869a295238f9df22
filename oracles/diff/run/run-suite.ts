// Runs many scenarios at once, each in its own namespace; those that look at what all share run alone, first.
import { readAccess } from "../cluster/access.ts";
import type { ClusterAccess } from "../cluster/access.ts";
import { connectTo } from "../cluster/http-client.ts";
import { parallelScenarios } from "./limits.ts";
import { startWebhookServer } from "../webhook/webhook-server.ts";
import { detectLevel } from "./detect-level.ts";
import type { Level } from "./level.ts";
import { runScenario } from "./run-scenario.ts";
import type { ScenarioRun, ScenarioVariant } from "./run-scenario.ts";
import type { Target } from "./scenario-context.ts";

export interface OpenTarget extends Target {
  close(): Promise<void>;
}

export async function openTarget(kubeconfig: string | ClusterAccess, level?: Level): Promise<OpenTarget> {
  const access = typeof kubeconfig === "string" ? readAccess(kubeconfig) : kubeconfig;
  const client = connectTo(access);
  const webhooks = await startWebhookServer();
  const close = async (): Promise<void> => {
    client.close();
    await webhooks.close();
  };
  return { access, client, setup: client, level: level ?? (await detectLevel(client)), webhooks, close };
}

export interface SuiteOptions {
  readonly parallel?: number;
  readonly onRun?: (variant: ScenarioVariant, run: ScenarioRun, seconds: number) => void | Promise<void>;
}

export type RunOne = (variant: ScenarioVariant) => Promise<ScenarioRun>;

export async function runSuite(
  runOne: Target | RunOne,
  variants: readonly ScenarioVariant[],
  options: SuiteOptions = {},
): Promise<Map<string, ScenarioRun>> {
  const runs = new Map<string, ScenarioRun>();
  const perform = async (variant: ScenarioVariant): Promise<void> => {
    const started = performance.now();
    const run = typeof runOne === "function" ? await runOne(variant) : await runScenario(runOne, variant);
    runs.set(variant.id, run);
    await options.onRun?.(variant, run, (performance.now() - started) / 1000);
  };
  for (const variant of variants.filter(({ scenario }) => scenario.alone)) await perform(variant);
  const waiting = variants.filter(({ scenario }) => !scenario.alone);
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await perform(next);
  };
  await Promise.all(Array.from({ length: options.parallel ?? parallelScenarios }, worker));
  return runs;
}
