import type { Platform } from "../model/platform.ts";
import type { Service } from "../model/service.ts";
import { nearestName } from "../nearest-name.ts";
import type { Problem, ProblemCode } from "../problem.ts";
import { locate, type Step } from "../read/locate.ts";
import type { SpecFile } from "../read/spec-file.ts";
import { findCallCycles } from "./call-cycles.ts";
import { unknown } from "./platform-rules.ts";
import { findPathConflicts } from "./public-paths.ts";

interface Blame {
  readonly code: ProblemCode;
  readonly message: string;
  readonly severity?: Problem["severity"];
  readonly suggestion?: string | undefined;
}

export interface Descriptions {
  readonly platforms: readonly SpecFile<Platform>[];
  readonly services: readonly SpecFile<Service>[];
}

/** What the descriptions say about each other. Each check is linear in the number of services. */
export function crossCheck({ platforms, services }: Descriptions): readonly Problem[] {
  const problems: Problem[] = [];
  const blame = (
    file: SpecFile<unknown>,
    steps: readonly Step[],
    { suggestion, severity = "error", ...rest }: Blame,
  ) => {
    const { node, path } = locate(file.root, steps);
    const { line, column } = node.start;
    problems.push({
      severity,
      ...rest,
      file: file.file,
      line,
      column,
      path,
      ...(suggestion !== undefined && { suggestion }),
    });
  };
  const names = new Map<string, SpecFile<Service>>();
  for (const service of services) {
    const { name } = service.value.metadata;
    const known = names.get(name);
    if (known)
      blame(service, ["metadata", "name"], {
        code: "duplicate",
        message: `${name} is described in ${known.file} already`,
      });
    else names.set(name, service);
  }
  for (const surplus of platforms.slice(1)) {
    blame(surplus, ["kind"], {
      code: "duplicate",
      message: `the platform is described in ${platforms[0]?.file} already`,
    });
  }
  checkCalls(names, blame);
  checkEvents(names, blame);
  const [platform] = platforms;
  if (platform) checkAgainstPlatform(platform.value, services, blame);
  for (const { service, index, message } of findPathConflicts(services)) {
    blame(service, ["spec", "http", "public", index], { code: "conflict", message });
  }
  return problems;
}

type Names = ReadonlyMap<string, SpecFile<Service>>;
type Blamer = (file: SpecFile<unknown>, steps: readonly Step[], blame: Blame) => void;

function checkCalls(names: Names, blame: Blamer): void {
  const known = [...names.keys()];
  for (const service of names.values()) {
    for (const [index, call] of service.value.spec.needs.calls.entries()) {
      const steps = ["spec", "needs", "calls", index];
      const target = names.get(call);
      if (!target) {
        const suggestion = nearestName(call, known);
        blame(service, steps, { code: "unknown-reference", message: unknown("service", call, known), suggestion });
      } else if (!target.value.spec.http) {
        const message = `${call} has no http, so it can't be called`;
        blame(service, steps, { code: "inconsistent", message });
      }
    }
  }
  for (const cycle of findCallCycles(names)) {
    const [first = "", second = ""] = cycle;
    const service = names.get(first);
    const index = service?.value.spec.needs.calls.indexOf(second) ?? 0;
    const message = `services call each other in a circle: ${cycle.join(" -> ")}; one of them down takes all down`;
    if (service) blame(service, ["spec", "needs", "calls", index], { code: "cycle", message, severity: "warning" });
  }
}

function checkEvents(names: Names, blame: Blamer): void {
  const published = new Set([...names.values()].flatMap((service) => service.value.spec.needs.publishes));
  const consumed = new Set([...names.values()].flatMap((service) => service.value.spec.needs.consumes));
  const events = [...published];
  for (const service of names.values()) {
    const { publishes, consumes } = service.value.spec.needs;
    for (const [index, event] of consumes.entries()) {
      if (published.has(event)) continue;
      const message = `nobody publishes ${event}`;
      blame(service, ["spec", "needs", "consumes", index], {
        code: "unknown-reference",
        message,
        suggestion: nearestName(event, events),
      });
    }
    for (const [index, event] of publishes.entries()) {
      if (consumed.has(event)) continue;
      const message = `nobody consumes ${event}`;
      blame(service, ["spec", "needs", "publishes", index], { code: "unused", message, severity: "warning" });
    }
  }
}

function checkAgainstPlatform(platform: Platform, services: readonly SpecFile<Service>[], blame: Blamer): void {
  const environments = platform.spec.environments.map((environment) => environment.name);
  const teams = platform.spec.teams.map((team) => team.name);
  for (const service of services) {
    const { metadata, spec } = service.value;
    if (teams.length > 0 && !teams.includes(metadata.owner)) {
      const suggestion = nearestName(metadata.owner, teams);
      blame(service, ["metadata", "owner"], {
        code: "unknown-reference",
        message: unknown("team", metadata.owner, teams),
        suggestion,
      });
    }
    for (const name of Object.keys(spec.environments)) {
      if (environments.includes(name)) continue;
      const suggestion = nearestName(name, environments);
      const message = unknown("environment", name, environments);
      blame(service, ["spec", "environments", name], { code: "unknown-reference", message, suggestion });
    }
  }
}
