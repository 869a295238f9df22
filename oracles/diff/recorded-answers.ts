// The real cluster's answers, kept as data: one file a topic, one line a scenario's head, one line a step.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { field, isObject, parseJson, textField } from "./json.ts";
import type { Json, JsonObject } from "./json.ts";
import type { ScenarioVariant, StepAnswer } from "./run/run-scenario.ts";

export const recordedFolder = join(import.meta.dirname, "recorded");

export interface RecordedScenario {
  readonly id: string;
  /** Of the scenario's text: another one means that it was changed since. */
  readonly key: string;
  /** What kind of real cluster gave the answers. */
  readonly level: string;
  readonly steps: readonly { readonly title: string; readonly answer: JsonObject }[];
}

export type Recording = ReadonlyMap<string, RecordedScenario>;

export function readRecording(folder = recordedFolder): Map<string, RecordedScenario> {
  const found = new Map<string, RecordedScenario>();
  if (!existsSync(folder)) return found;
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".jsonl"))) {
    for (const recorded of parseTopic(readFileSync(join(folder, file), "utf8"))) found.set(recorded.id, recorded);
  }
  return found;
}

export function parseTopic(text: string): RecordedScenario[] {
  const found: { head: JsonObject; steps: { title: string; answer: JsonObject }[] }[] = [];
  for (const line of text.split("\n").filter((each) => each !== "")) {
    const value = parseJson(line);
    if (!isObject(value)) continue;
    if (textField(value, "scenario") !== undefined) found.push({ head: value, steps: [] });
    else found.at(-1)?.steps.push({ title: textField(value, "step") ?? "", answer: objectField(value, "answer") });
  }
  return found.map(({ head, steps }) => ({
    id: textField(head, "scenario") ?? "",
    key: textField(head, "key") ?? "",
    level: textField(head, "level") ?? "",
    steps,
  }));
}

function objectField(value: Json, name: string): JsonObject {
  const found = field(value, name);
  return isObject(found) ? found : {};
}

export function formatTopic(scenarios: readonly RecordedScenario[]): string {
  const lines = scenarios.flatMap(({ id, key, level, steps }) => [
    JSON.stringify({ scenario: id, key, level }),
    ...steps.map(({ title, answer }) => JSON.stringify({ step: title, answer })),
  ]);
  return `${lines.join("\n")}\n`;
}

export function recordedFrom(variant: ScenarioVariant, level: string, steps: readonly StepAnswer[]): RecordedScenario {
  const kept = steps.map(({ title, answer }) => ({ title, answer }));
  return { id: variant.id, key: variant.scenario.key, level, steps: kept };
}

/** Writes all topics; what belongs to no scenario any more is left out, in the order of the scenario files. */
export function writeRecording(
  recording: Recording,
  variants: readonly ScenarioVariant[],
  folder = recordedFolder,
): void {
  mkdirSync(folder, { recursive: true });
  const topics = Map.groupBy(variants, ({ scenario }) => scenario.topic);
  const files = new Set<string>();
  for (const [topic, inTopic] of topics) {
    const kept = inTopic.flatMap(({ id }) => recording.get(id) ?? []);
    if (kept.length === 0) continue;
    files.add(`${topic}.jsonl`);
    writeFileSync(join(folder, `${topic}.jsonl`), formatTopic(kept));
  }
  const old = readdirSync(folder).filter((file) => file.endsWith(".jsonl"));
  for (const file of old) if (!files.has(file)) rmSync(join(folder, file));
}
