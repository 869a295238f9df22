import { compareVersions, isCompatible, parseVersion } from "@fairway/helm";

/** The version that Helm would take: the very one that is named, else the highest that the constraint allows; without one, the newest release. */
export function bestVersion(constraint: string, versions: readonly string[]): string | undefined {
  if (constraint !== "" && versions.includes(constraint)) return constraint;
  let best: string | undefined;
  for (const version of versions) {
    if (!isCompatible(constraint === "" ? ">0.0.0-0" : constraint, version)) continue;
    if (constraint === "" && parseVersion(version)?.pre !== "") continue;
    if (best === undefined || isHigher(version, best)) best = version;
  }
  return best;
}

function isHigher(version: string, than: string): boolean {
  const left = parseVersion(version);
  const right = parseVersion(than);
  return left !== undefined && right !== undefined && compareVersions(left, right) > 0;
}
