import type { Platform, Service } from "@fairway/spec";

/** What the descriptions say that no file of the state holds yet, in the words of who reads the list. */
export function laterTargets(platform: Platform, services: readonly Service[]): readonly string[] {
  const specs = services.map(({ spec }) => spec);
  const releases = specs.flatMap(({ release, environments }) => [
    release.strategy,
    ...Object.values(environments).map((each) => each.release?.strategy),
  ]);
  const { engines } = platform.spec;
  const later: readonly (readonly [what: string, isSaid: boolean])[] = [
    [`canary releases (${engines.rollouts})`, releases.includes("canary")],
    [`blue-green releases (${engines.rollouts})`, releases.includes("blue-green")],
    [`the mesh with timeouts, retries and circuit breakers (${engines.mesh})`, engines.mesh !== "none"],
    ["triggers of KEDA", specs.some(({ scale }) => scale.triggers.length > 0)],
    ["vertical autoscaling", specs.some(({ scale }) => scale.vertical !== "off")],
    [
      "databases, caches and buckets themselves",
      specs.some(({ needs }) => needs.postgres ?? needs.cache ?? needs.buckets.length > 0),
    ],
    [`values of secrets (${engines.secrets})`, specs.some(({ needs }) => needs.secrets.length > 0)],
    ["content delivery networks", specs.some(({ http }) => http?.cdn === true)],
    ["alerts and dashboards", specs.length > 0],
    ["backups", platform.spec.backup !== undefined || specs.some(({ backup }) => backup !== undefined)],
    [`chaos experiments (${engines.chaos})`, specs.some(({ chaos }) => chaos !== undefined)],
    ["load tests", specs.some(({ load }) => load !== undefined)],
    [`applications of ${engines.gitops}, policies, pipelines and Terraform`, true],
  ];
  return later.flatMap(([what, isSaid]) => (isSaid ? [what] : []));
}
