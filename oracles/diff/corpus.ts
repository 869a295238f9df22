import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { invalidScenarios } from "./invalid-corpus.ts";
import { parseScenarios } from "./parse-scenarios.ts";
import type { Scenario } from "./scenario.ts";

const folder = import.meta.dirname;

/** All scenarios, with those of invalid objects. `file` names where each stands: `scenarios/patch`, `invalid/pod`. */
export function readCorpus(focus?: RegExp): readonly Scenario[] {
  const stories = listed("scenarios", ".scenario").flatMap((name) =>
    parseScenarios(`scenarios/${name}`, readFileSync(join(folder, "scenarios", `${name}.scenario`), "utf8")),
  );
  const shared = readFileSync(join(folder, "invalid/shared/metadata.yaml"), "utf8");
  const invalid = listed("invalid", ".yaml").flatMap((name) =>
    invalidScenarios(`invalid/${name}`, readFileSync(join(folder, "invalid", `${name}.yaml`), "utf8"), shared),
  );
  const all = [...stories, ...invalid];
  return focus ? all.filter((scenario) => focus.test(`${scenario.file} ${scenario.title}`)) : all;
}

function listed(name: string, ending: string): readonly string[] {
  return readdirSync(join(folder, name))
    .filter((file) => file.endsWith(ending))
    .map((file) => file.slice(0, -ending.length))
    .toSorted();
}
