import type { Platform } from "../model/platform.ts";
import { nearestName } from "../nearest-name.ts";
import { locate, type Step } from "../read/locate.ts";
import type { Reading } from "../read/reading.ts";
import type { SpecFile } from "../read/spec-file.ts";

type Blame = (steps: readonly Step[], message: string, suggestion?: string) => void;

/** What the fields of a platform have to be to each other. */
export function checkPlatformRules(file: SpecFile<Platform>, reading: Reading): void {
  const { spec } = file.value;
  const blame: Blame = (steps, message, suggestion) => {
    const code = suggestion === undefined ? "inconsistent" : "unknown-reference";
    reading.complain(locate(file.root, ["spec", ...steps]), { code, message, suggestion });
  };
  checkGates(spec, blame);
  checkReferences(spec, blame);
  checkDomains(spec, blame);
  checkNamespaces(file.value, blame);
  if (spec.vault.replicas % 2 === 0) {
    blame(
      ["vault", "replicas"],
      `vault.replicas (${spec.vault.replicas}) must be odd: of an even number half can fail to agree`,
    );
  }
  if (spec.registry.type !== "embedded" && spec.registry.address === undefined) {
    blame(
      ["registry"],
      `registry.address is missing: ${spec.registry.type} has to be told where, such as ghcr.io/acme`,
    );
  }
  const { layout, state } = spec.repositories;
  if (layout !== "monorepo" && state === undefined) {
    blame(
      ["repositories"],
      `repositories.state is missing: with layout ${layout} the state has a repository of its own`,
    );
  }
}

type Spec = Platform["spec"];

function checkGates(spec: Spec, blame: Blame): void {
  const names = spec.environments.map((environment) => environment.name);
  for (const [index, { name, gates }] of spec.environments.entries()) {
    const at = ["environments", index, "gates"];
    for (const [place, after] of gates.after.entries()) {
      const position = names.indexOf(after);
      if (position === -1) {
        blame([...at, "after", place], unknown("environment", after, names), nearestName(after, names));
      } else if (position >= index) {
        blame(
          [...at, "after", place],
          `${name} waits for ${after}, which comes ${position === index ? "no earlier than itself" : "later"} in the order of promotion`,
        );
      }
    }
    if (index === 0 && gates.soak !== undefined)
      blame([...at, "soak"], `${name} is the first environment: there is nothing before it to soak in`);
    if (gates.promotion === "auto" && gates.approvers) {
      blame([...at, "approvers"], "promotion is auto, so nobody is asked: use promotion: pull-request");
    }
    for (const [place, window] of gates.freezeWindows.entries()) {
      if (window.from !== undefined && window.to !== undefined && window.from > window.to) {
        blame(
          [...at, "freezeWindows", place, "to"],
          `the window ends (${window.to}) before it begins (${window.from})`,
        );
      }
      if ((window.from === undefined) !== (window.to === undefined)) {
        blame([...at, "freezeWindows", place], "a window has both from and to, or neither and comes every week");
      }
    }
  }
}

/** The ingress would send the requests for one host to two environments in turn. */
function checkDomains(spec: Spec, blame: Blame): void {
  const owners = new Map<string, string>();
  for (const [index, { name, domain = `${name}.${spec.domain}` }] of spec.environments.entries()) {
    const owner = owners.get(domain);
    if (owner !== undefined && owner !== name)
      blame(["environments", index, "domain"], `the domain ${domain} belongs to ${owner} already`);
    else owners.set(domain, name);
  }
}

function checkNamespaces({ metadata, spec }: Platform, blame: Blame): void {
  for (const [index, { name }] of spec.environments.entries()) {
    const namespace = `${metadata.name}-${name}`;
    if (namespace.length <= namespaceLengthMax) continue;
    blame(["environments", index, "name"], `its namespace ${namespace} has more than ${namespaceLengthMax} letters`);
  }
}

/** Of a name in DNS. */
export const namespaceLengthMax = 63;

function checkReferences(spec: Spec, blame: Blame): void {
  const clouds = spec.clouds.map((cloud) => cloud.name);
  const teams = spec.teams.map((team) => team.name);
  for (const [index, environment] of spec.environments.entries()) {
    for (const [place, cloud] of environment.clouds.entries()) {
      if (clouds.includes(cloud)) continue;
      blame(["environments", index, "clouds", place], unknown("cloud", cloud, clouds), nearestName(cloud, clouds));
    }
    for (const [place, team] of (environment.gates.approvers?.teams ?? []).entries()) {
      if (!teams.includes(team)) {
        blame(
          ["environments", index, "gates", "approvers", "teams", place],
          unknown("team", team, teams),
          nearestName(team, teams),
        );
      }
    }
  }
}

export function unknown(what: string, name: string, known: readonly string[]): string {
  const list =
    known.length === 0
      ? "none is described"
      : `there are ${known.slice(0, 10).join(", ")}${known.length > 10 ? ", ..." : ""}`;
  return `unknown ${what} ${JSON.stringify(name)}: ${list}`;
}
