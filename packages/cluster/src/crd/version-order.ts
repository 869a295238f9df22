import type {
  CustomResourceDefinitionSpec,
  CustomResourceDefinitionVersion,
} from "../schema/data/types/apiextensions-v1.ts";

/** Below zero when the first is the older one: v1alpha1 < v1beta1 < v1 < v2; other names are older than all, the earlier in the alphabet newer. */
export function compareVersions(left: string, right: string): number {
  const [one, other] = [rankOf(left), rankOf(right)];
  if (one === undefined || other === undefined) {
    if (one === undefined && other === undefined) return left < right ? 1 : left > right ? -1 : 0;
    return one === undefined ? -1 : 1;
  }
  const index = one.findIndex((part, position) => part !== other[position]);
  return index === -1 ? 0 : (one[index] ?? 0) - (other[index] ?? 0);
}

const STAGES: readonly (string | undefined)[] = ["alpha", "beta", undefined];

function rankOf(version: string): readonly number[] | undefined {
  const parts = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
  if (parts === null) return undefined;
  return [STAGES.indexOf(parts[2]), Number(parts[1]), Number(parts[3] ?? 0)];
}

/** What every request for the version is told. */
export function versionWarnings(
  { group, names, versions }: CustomResourceDefinitionSpec,
  { name, deprecated, deprecationWarning }: CustomResourceDefinitionVersion,
): readonly string[] {
  if (deprecated !== true) return [];
  if (deprecationWarning !== undefined) return [deprecationWarning];
  const newer = (versions ?? [])
    .filter((other) => other.served && other.deprecated !== true && compareVersions(name, other.name) < 0)
    .map((other) => other.name)
    .toSorted((left, right) => compareVersions(right, left));
  const instead = newer[0] === undefined ? "" : `; use ${group}/${newer[0]} ${names.kind}`;
  return [`${group}/${name} ${names.kind} is deprecated${instead}`];
}
