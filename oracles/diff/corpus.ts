import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { invalidScenarios } from "./invalid-corpus.ts";
import { parseScenarios } from "./parse-scenarios.ts";
import type { Scenario } from "./scenario.ts";

const folder = import.meta.dirname;

/** Which scenarios are told. */
export interface CorpusSelection {
  /** Those that say so need controllers that act, all others that none does: a cluster can have only one of both. */
  readonly needs?: Scenario["needs"] | undefined;
  /** What `file title` holds, or matches: `scenarios/patch`, `a merge patch`. */
  readonly only?: string | RegExp | undefined;
  /** `scenarios/patch: a merge patch`: these, and no others. */
  readonly names?: ReadonlySet<string> | undefined;
}

/** All scenarios, with those of invalid objects. `file` names where each stands: `scenarios/patch`, `invalid/pod`. */
export function readCorpus({ needs, only, names }: CorpusSelection = {}): readonly Scenario[] {
  const stories = listed("scenarios", ".scenario").flatMap((name) =>
    parseScenarios(`scenarios/${name}`, readFileSync(join(folder, "scenarios", `${name}.scenario`), "utf8")),
  );
  const shared = readFileSync(join(folder, "invalid/shared/metadata.yaml"), "utf8");
  const invalid = listed("invalid", ".yaml").flatMap((name) =>
    invalidScenarios(`invalid/${name}`, readFileSync(join(folder, "invalid", `${name}.yaml`), "utf8"), shared),
  );
  return [...stories, ...invalid].filter(
    (scenario) =>
      (needs === undefined || scenario.needs === needs) &&
      (names === undefined || names.has(`${scenario.file}: ${scenario.title}`)) &&
      isMeant(scenario, only),
  );
}

function isMeant({ file, title }: Scenario, only: CorpusSelection["only"]): boolean {
  const name = `${file} ${title}`;
  return only === undefined || (typeof only === "string" ? name.includes(only) : only.test(name));
}

function listed(name: string, ending: string): readonly string[] {
  return readdirSync(join(folder, name))
    .filter((file) => file.endsWith(ending))
    .map((file) => file.slice(0, -ending.length))
    .toSorted();
}
