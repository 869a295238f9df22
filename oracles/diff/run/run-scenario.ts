// Runs one scenario against one cluster, from its fresh namespace to the cleaning up.
import { messageOf } from "../../machine/oracle-error.ts";
import { defaultKubectl, findClient } from "../clients/client-programs.ts";
import { DiffError } from "../diff-error.ts";
import type { JsonObject } from "../json.ts";
import { isList } from "../json.ts";
import { normaliseReplies } from "../normalise/normaliser.ts";
import { applyCommandView, applyView } from "../normalise/view.ts";
import type { Scenario, Step } from "../scenario/scenario.ts";
import type { Reply } from "./answer.ts";
import { canRun } from "./level.ts";
import { freshName, makeNamespace, removeNamespace, removeObject, sweep } from "./namespace.ts";
import { runStep } from "./run-step.ts";
import { closeContext, constantsOf, openContext } from "./scenario-context.ts";
import type { ScenarioContext, Target } from "./scenario-context.ts";

/** A scenario with one version of kubectl. */
export interface ScenarioVariant {
  readonly scenario: Scenario;
  /** undefined when it calls no kubectl. */
  readonly kubectl: string | undefined;
  /** Unique in the suite: "topic / name", and the version when there are several. */
  readonly id: string;
}

export interface StepAnswer {
  readonly line: number;
  readonly title: string;
  readonly answer: JsonObject;
}

export type ScenarioRun =
  | { readonly kind: "ran"; readonly steps: readonly StepAnswer[]; readonly unmet: readonly string[] }
  | { readonly kind: "skipped"; readonly reason: string }
  | { readonly kind: "broken"; readonly reason: string };

export function variantsOf(scenario: Scenario): ScenarioVariant[] {
  const id = `${scenario.topic} / ${scenario.name}`;
  const callsKubectl = scenario.steps.some((step) => step.kind === "command" && step.program === "kubectl");
  if (!callsKubectl) return [{ scenario, kubectl: undefined, id }];
  if (scenario.kubectl.length === 0) return [{ scenario, kubectl: defaultKubectl, id }];
  return scenario.kubectl.map((kubectl) => ({ scenario, kubectl, id: `${id} (kubectl ${kubectl})` }));
}

/** Why this can't run here; undefined when it can. */
export function whySkipped({ scenario, kubectl }: ScenarioVariant, target: Pick<Target, "level">): string | undefined {
  if (!canRun(target.level, scenario.needs)) return `needs ${scenario.needs}: the cluster is ${target.level}`;
  for (const step of scenario.steps) {
    if (step.kind !== "command") continue;
    const version = step.program === "helm" ? undefined : (step.version ?? kubectl);
    if (findClient(step.program, version) === undefined) {
      return `${step.program} ${version ?? ""} is missing: "npm run oracle -- diff clients" fetches it`;
    }
  }
  return undefined;
}

export async function runScenario(target: Target, variant: ScenarioVariant): Promise<ScenarioRun> {
  const { scenario } = variant;
  const reason = whySkipped(variant, target);
  if (reason !== undefined) return { kind: "skipped", reason };
  const namespace = freshName();
  const context = openContext(target, scenario, { namespace, kubectl: variant.kubectl });
  try {
    await makeNamespace(target.setup, { name: namespace, labels: scenario.labels, level: target.level });
    return await runSteps(context);
  } catch (error) {
    return { kind: "broken", reason: messageOf(error) };
  } finally {
    closeContext(context);
    await cleanUp(context);
  }
}

async function runSteps(context: ScenarioContext): Promise<ScenarioRun> {
  const { scenario } = context;
  const done: { step: Step; reply: Reply }[] = [];
  for (const step of scenario.steps) {
    try {
      const reply = await runStep(context, step);
      if (reply !== undefined) done.push({ step, reply });
    } catch (error) {
      throw new DiffError("bad-scenario", `line ${step.line}, ${step.title}: ${messageOf(error)}`, { cause: error });
    }
  }
  const answers = normaliseReplies(
    done.map(({ reply }) => reply),
    {
      written: JSON.stringify(scenario.steps, textOfPattern),
      constants: constantsOf(context),
      numbersVersions: scenario.needs === "api" || scenario.needs === "bare",
    },
  );
  const steps = done.map(({ step }, index) => ({
    line: step.line,
    title: step.title,
    answer: viewed(step, answers[index] ?? {}),
  }));
  const unmet = done.flatMap(({ step, reply }) =>
    reply.kind === "wait" && !reply.met
      ? [`line ${step.line}, ${step.title}: not met; last was ${reply.last.slice(0, 600)}`]
      : [],
  );
  return { kind: "ran", steps, unmet };
}

function textOfPattern(_key: string, value: unknown): unknown {
  return value instanceof RegExp ? value.source : value;
}

function viewed(step: Step, answer: JsonObject): JsonObject {
  if (step.kind === "command") return applyCommandView(answer, step.view);
  if (step.kind === "request" && answer["body"] !== undefined)
    return { ...answer, body: applyView(answer["body"], step.view) };
  if (step.kind === "events" && isList(answer["events"])) {
    return { ...answer, events: answer["events"].map((event) => applyView(event, step.view)) };
  }
  if (step.kind === "calls" && isList(answer["calls"])) {
    return { calls: answer["calls"].map((call) => applyView(call, step.view)) };
  }
  return answer;
}

async function cleanUp(context: ScenarioContext): Promise<void> {
  const { target, namespace } = context;
  for (const path of [...context.made].toReversed()) await removeObject(target.setup, path);
  for (const collection of context.scenario.sweep) await sweep(target.setup, collection, namespace);
  await removeNamespace(target.setup, namespace, target.level);
}
