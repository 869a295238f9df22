import { compareVersions, isCompatible, parseVersion } from "@fairway/helm";

type Version = NonNullable<ReturnType<typeof parseVersion>>;

/**
 * The version that Helm would take: the very one that is named, else the highest that the constraint allows; without a
 * constraint the newest release. Prereleases count only where the constraint itself names one. Rows that are no versions
 * are passed over.
 */
export function bestVersion(constraint: string, versions: readonly string[]): string | undefined {
  if (constraint !== "" && versions.includes(constraint)) return constraint;
  let best: { text: string; version: Version } | undefined;
  for (const text of versions) {
    const version = parseVersion(text);
    if (!version || (best && compareVersions(version, best.version) <= 0)) continue;
    if (isCompatible(constraint === "" ? "*" : constraint, text)) best = { text, version };
  }
  return best?.text;
}
