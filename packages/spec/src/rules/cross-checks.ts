import type { Platform } from "../model/platform.ts";
import type { Service } from "../model/service.ts";
import { circleNamesMax, problemsPerFileMax } from "../limits.ts";
import { NearestNames } from "../nearest-name.ts";
import type { Problem } from "../problem.ts";
import { locate, type Step } from "../read/locate.ts";
import { Reading, type Complaint } from "../read/reading.ts";
import type { SpecFile } from "../read/spec-file.ts";
import { quantityValue } from "../schema/formats.ts";
import { findCallCycles } from "./call-cycles.ts";
import { namespaceLengthMax, unknown } from "./platform-rules.ts";
import { findPathConflicts } from "./public-paths.ts";

export interface Descriptions {
  readonly platforms: readonly SpecFile<Platform>[];
  readonly services: readonly SpecFile<Service>[];
}

/** What the descriptions say about each other. Each check is linear in the number of services. */
export function crossCheck({ platforms, services }: Descriptions): readonly Problem[] {
  const readings = new Map<string, Reading>();
  const blame: Blamer = (file, steps, complaint) => {
    const reading = readings.get(file.file) ?? new Reading(file.file, problemsPerFileMax);
    readings.set(file.file, reading);
    reading.complain(locate(file.root, steps), complaint);
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
  return [...readings.values()].flatMap((reading) => reading.problems);
}

type Names = ReadonlyMap<string, SpecFile<Service>>;
type Blamer = (file: SpecFile<unknown>, steps: readonly Step[], complaint: Complaint) => void;

function checkCalls(names: Names, blame: Blamer): void {
  const known = [...names.keys()];
  const nearest = new NearestNames(known);
  for (const service of names.values()) {
    for (const [index, call] of service.value.spec.needs.calls.entries()) {
      const steps = ["spec", "needs", "calls", index];
      const target = names.get(call);
      if (!target) {
        const suggestion = nearest.of(call);
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
    const message = `services call each other in a circle: ${circleText(cycle)}; one of them down takes all down`;
    if (service) blame(service, ["spec", "needs", "calls", index], { code: "cycle", message, severity: "warning" });
  }
}

function circleText(circle: readonly string[]): string {
  const surplus = circle.length - circleNamesMax;
  if (surplus <= 0) return circle.join(" -> ");
  return [...circle.slice(0, circleNamesMax - 1), `(${surplus} more)`, circle.at(-1)].join(" -> ");
}

function checkEvents(names: Names, blame: Blamer): void {
  const published = new Set([...names.values()].flatMap((service) => service.value.spec.needs.publishes));
  const consumed = new Set([...names.values()].flatMap((service) => service.value.spec.needs.consumes));
  const nearest = new NearestNames(published);
  for (const service of names.values()) {
    const { publishes, consumes } = service.value.spec.needs;
    for (const [index, event] of consumes.entries()) {
      if (published.has(event)) continue;
      const message = `nobody publishes ${event}`;
      blame(service, ["spec", "needs", "consumes", index], {
        code: "unknown-reference",
        message,
        suggestion: nearest.of(event),
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
  const [knownEnvironments, knownTeams] = [new Set(environments), new Set(teams)];
  const [nearestEnvironment, nearestTeam] = [new NearestNames(environments), new NearestNames(teams)];
  for (const service of services) {
    const { metadata, spec } = service.value;
    if (teams.length > 0 && !knownTeams.has(metadata.owner)) {
      const suggestion = nearestTeam.of(metadata.owner);
      blame(service, ["metadata", "owner"], {
        code: "unknown-reference",
        message: unknown("team", metadata.owner, teams),
        suggestion,
      });
    }
    checkAgainstLayout(service, platform, blame);
    checkAgainstEnvironments(service, platform, blame);
    for (const [index, name] of (spec.chaos?.environments ?? []).entries()) {
      if (knownEnvironments.has(name)) continue;
      const suggestion = nearestEnvironment.of(name);
      const message = unknown("environment", name, environments);
      blame(service, ["spec", "chaos", "environments", index], { code: "unknown-reference", message, suggestion });
    }
    for (const name of Object.keys(spec.environments)) {
      if (knownEnvironments.has(name)) continue;
      const suggestion = nearestEnvironment.of(name);
      const message = unknown("environment", name, environments);
      blame(service, ["spec", "environments", name], { code: "unknown-reference", message, suggestion });
    }
  }
}

/** What an environment says of all services, together with what the service says itself. */
function checkAgainstEnvironments(service: SpecFile<Service>, platform: Platform, blame: Blamer): void {
  const { metadata, spec } = service.value;
  for (const { name, resources } of platform.spec.environments) {
    const own = spec.environments[name]?.resources;
    const requests = { ...spec.resources.requests, ...resources?.requests, ...own?.requests };
    const limits = { ...spec.resources.limits, ...resources?.limits, ...own?.limits };
    for (const what of resources ? (["cpu", "memory"] as const) : []) {
      if (quantityValue(requests[what]) <= quantityValue(limits[what])) continue;
      const message = `in ${name} requests.${what} is ${requests[what]}, and limits.${what} ${limits[what]}: give both for ${name}`;
      blame(service, ["spec", "resources"], { code: "inconsistent", message });
    }
    const namespace = `${platform.metadata.name}-${name}-${metadata.name}`;
    if (platform.spec.namespaces === "per-service" && namespace.length > namespaceLengthMax) {
      const message = `its namespace ${namespace} has more than ${namespaceLengthMax} letters`;
      blame(service, ["metadata", "name"], { code: "inconsistent", message });
    }
  }
}

function checkAgainstLayout(service: SpecFile<Service>, platform: Platform, blame: Blamer): void {
  const { spec } = service.value;
  const { repositories, engines } = platform.spec;
  if (repositories.layout === "per-service" && spec.repository === undefined) {
    const message = "repository is missing: with layout per-service each service has a repository of its own";
    blame(service, ["spec"], { code: "missing-field", message });
  }
  if (repositories.layout !== "per-service" && spec.repository !== undefined) {
    const message = `repository has no effect: the platform's layout is ${repositories.layout}`;
    blame(service, ["spec", "repository"], { code: "unused", message, severity: "warning" });
  }
  if (spec.chaos && engines.chaos === "none") {
    const message = "chaos has no effect: the platform's engines.chaos is none";
    blame(service, ["spec", "chaos"], { code: "unused", message, severity: "warning" });
  }
}
