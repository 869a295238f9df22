import type { Service } from "../model/service.ts";
import { locate, type Step } from "../read/locate.ts";
import type { Complaint, Reading } from "../read/reading.ts";
import type { SpecFile } from "../read/spec-file.ts";
import { durationMs, quantityValue } from "../schema/formats.ts";

type Blame = (steps: readonly Step[], message: string, severity?: Complaint["severity"]) => void;

/** What the fields of one service have to be to each other. */
export function checkServiceRules(file: SpecFile<Service>, reading: Reading): void {
  const blameAt: Blame = (steps, message, severity = "error") => {
    reading.complain(locate(file.root, steps), { code: "inconsistent", message, severity });
  };
  const blame: Blame = (steps, message, severity) => blameAt(["spec", ...steps], message, severity);
  const { spec } = file.value;
  checkScale(spec.scale, ["scale"], blame);
  checkResources(spec.resources, ["resources"], blame);
  checkRelease(spec.release, ["release"], blame);
  checkPorts(spec, blame);
  checkEvents(file.value, blame);
  checkEnvironmentVariables(spec, blame);
  checkSecretNames(spec, blame);
  checkTraffic(spec, blame);
  checkLabels(file.value, blameAt);
  checkVolumes(spec, blame);
  checkShutdown(spec, blame);
  for (const [name, override] of Object.entries(spec.environments)) {
    const at = ["environments", name];
    if (override.scale) checkScale({ ...spec.scale, ...override.scale }, [...at, "scale"], blame);
    if (override.release) checkRelease(override.release, [...at, "release"], blame);
    const { requests, limits } = override.resources ?? {};
    const merged = {
      requests: { ...spec.resources.requests, ...requests },
      limits: { ...spec.resources.limits, ...limits },
    };
    if (override.resources) checkResources(merged, [...at, "resources"], blame);
  }
}

type Spec = Service["spec"];

function checkScale({ min, max, triggers }: Spec["scale"], at: readonly Step[], blame: Blame): void {
  if (min > max) blame([...at, "min"], `scale.min (${min}) is greater than scale.max (${max})`);
  if (min === 0 && triggers.length === 0) {
    blame([...at, "min"], "scale.min is 0, and nothing could ever wake the service: give it triggers, or a min of 1");
  }
}

function checkResources({ requests, limits }: Spec["resources"], at: readonly Step[], blame: Blame): void {
  for (const name of ["cpu", "memory"] as const) {
    if (quantityValue(requests[name]) > quantityValue(limits[name])) {
      blame(
        [...at, "requests", name],
        `requests.${name} (${requests[name]}) is more than limits.${name} (${limits[name]})`,
      );
    }
  }
}

function checkRelease(release: Spec["release"], at: readonly Step[], blame: Blame): void {
  if (release.strategy === "rolling") {
    const nothingMoves = [release.maxSurge, release.maxUnavailable].every((each) => each === 0 || each === "0%");
    if (nothingMoves)
      blame([...at, "maxUnavailable"], "maxSurge and maxUnavailable are both 0, so no pod could ever be replaced");
    return;
  }
  const { successRate, p95, p99 } = release.slo;
  if (successRate === undefined && p95 === undefined && p99 === undefined) {
    blame([...at, "slo"], "slo names no objective: give successRate, p95 or p99, or nothing can go back by itself");
  }
  if (p95 !== undefined && p99 !== undefined && durationMs(p95) > durationMs(p99)) {
    blame([...at, "slo", "p95"], `slo.p95 (${p95}) is longer than slo.p99 (${p99})`);
  }
  if (release.strategy !== "canary") return;
  for (const [index, step] of release.steps.entries()) {
    const before = release.steps[index - 1]?.weight ?? -1;
    if (step.weight <= before) {
      blame(
        [...at, "steps", index, "weight"],
        `steps[${index}].weight (${step.weight}) must be more than the step before it (${before})`,
      );
    }
  }
}

function checkPorts(spec: Spec, blame: Blame): void {
  // TCP and UDP have ports of their own, as a name server needs.
  const owners = new Map<string, string>(spec.http ? [[`TCP ${spec.http.port}`, "http.port"]] : []);
  for (const [index, { name, port, protocol }] of spec.ports.entries()) {
    const owner = owners.get(`${protocol} ${port}`);
    if (owner !== undefined) blame(["ports", index, "port"], `port ${port} is taken by ${owner} already`);
    else owners.set(`${protocol} ${port}`, `ports[${index}]`);
    if (name === "http" && spec.http) blame(["ports", index, "name"], `the name "http" belongs to spec.http`);
  }
}

function checkEvents({ metadata, spec }: Service, blame: Blame): void {
  for (const [index, call] of spec.needs.calls.entries()) {
    if (call === metadata.name)
      blame(["needs", "calls", index], `${call} calls itself through the network; call the code instead`);
  }
  for (const [index, event] of spec.needs.consumes.entries()) {
    if (spec.needs.publishes.includes(event)) {
      blame(["needs", "consumes", index], `${metadata.name} consumes ${event}, which it publishes itself`, "warning");
    }
  }
}

function checkVolumes(spec: Spec, blame: Blame): void {
  const owners = new Map([["/tmp", "a folder that every pod has"]]);
  for (const [index, { name, path }] of spec.needs.volumes.entries()) {
    if (path === "/") blame(["needs", "volumes", index, "path"], "a volume at / would hide the whole image");
    const owner = owners.get(path);
    if (owner !== undefined) blame(["needs", "volumes", index, "path"], `${path} is taken by ${owner} already`);
    else owners.set(path, `the volume ${name}`);
  }
}

/** Variables that the platform sets; a second value would depend on who comes last. */
const reservedVariables = ["PORT", "HOST", "DATABASE_URL", "EVENTS_URL", "CACHE_URL", "OTEL_EXPORTER_OTLP_ENDPOINT"];

function checkEnvironmentVariables(spec: Spec, blame: Blame): void {
  const overrides = Object.entries(spec.environments).map(([name, { env = {} }]) => ({
    at: ["environments", name, "env"],
    env,
  }));
  for (const { at, env } of [{ at: ["env"], env: spec.env }, ...overrides]) {
    for (const name of Object.keys(env)) {
      if (reservedVariables.includes(name)) blame([...at, name], `${name} is set by the platform`);
    }
  }
  const owners = variablesOfThePlatform(spec);
  for (const { at, env } of overrides) for (const name of Object.keys(env)) owners.set(name, `spec.${at.join(".")}`);
  for (const name of Object.keys(spec.env)) owners.set(name, "spec.env");
  for (const [index, secret] of spec.needs.secrets.entries()) {
    for (const name of Object.keys(secret.env)) {
      const owner = owners.get(name);
      if (owner !== undefined) blame(["needs", "secrets", index, "env", name], `${name} is set by ${owner} already`);
      else owners.set(name, `secret "${secret.name}"`);
    }
  }
}

/** What a secret may bring itself where the platform does not. */
function variablesOfThePlatform({ http, needs }: Spec): Map<string, string> {
  const hasEvents = needs.publishes.length > 0 || needs.consumes.length > 0;
  return new Map([
    ...(http ? [["PORT", "the platform, for http"] as const] : []),
    ...(needs.postgres ? [["DATABASE_URL", "the platform, for needs.postgres"] as const] : []),
    ...(needs.cache ? [["CACHE_URL", "the platform, for needs.cache"] as const] : []),
    ...(hasEvents ? [["EVENTS_URL", "the platform, for events"] as const] : []),
  ]);
}

/** Names that a Secret of Kubernetes has behind the service's; there are fewer letters than in ours. */
function checkSecretNames({ needs }: Spec, blame: Blame): void {
  const owners = new Map(["postgres", "events", "cache"].map((store) => [store, "the platform"]));
  for (const [index, { name }] of needs.secrets.entries()) {
    const inKubernetes = name.toLowerCase().replace(/[^a-z0-9-]/g, "-");
    const owner = owners.get(inKubernetes);
    const message = `the name ${name} would be ${inKubernetes} in Kubernetes, which is taken by ${owner}`;
    if (owner !== undefined) blame(["needs", "secrets", index, "name"], message);
    else owners.set(inKubernetes, name);
  }
}

/** Prefixes that Kubernetes and the platform keep for themselves: selectors are made of such labels. */
const reservedPrefix = /(^|\.)(kubernetes\.io|k8s\.io|fairway\.dev)\//;

function checkLabels({ metadata }: Service, blame: Blame): void {
  for (const name of Object.keys(metadata.labels)) {
    if (reservedPrefix.test(name)) blame(["metadata", "labels", name], `the label ${name} is set by the platform`);
  }
}

function checkTraffic(spec: Spec, blame: Blame): void {
  if (spec.http) return;
  const overrides = Object.entries(spec.environments).map(([name, { release }]) => ({
    at: ["environments", name, "release"],
    release,
  }));
  for (const { at, release } of [{ at: ["release"], release: spec.release }, ...overrides]) {
    if (release === undefined || release.strategy === "rolling") continue;
    blame([...at, "strategy"], `${release.strategy} shifts requests, and the service has no http: use rolling`);
  }
  if (spec.load) blame(["load"], "load makes requests, and the service has no http");
}

function checkShutdown(spec: Spec, blame: Blame): void {
  const ms = durationMs(spec.shutdown);
  if (ms < 1_000 || ms > 3_600_000) blame(["shutdown"], `shutdown (${spec.shutdown}) must be from 1s to 1h`);
}
