import type { Comparison, Constraint, Operator } from "./constraint.ts";
import { type Version, comparePrereleases, compareVersions } from "./version.ts";

/** True if the version fits one of the alternatives. Prereleases only fit where the alternative names one. */
export function checkConstraint(constraint: Constraint, version: Version): boolean {
  return constraint.some((comparisons) => {
    if (version.pre !== "" && !comparisons.some((comparison) => comparison.version.pre !== "")) return false;
    return comparisons.every((comparison) => checks[comparison.operator](version, comparison));
  });
}

type Check = (version: Version, comparison: Comparison) => boolean;

const checks: Readonly<Record<Operator, Check>> = {
  "=": (version, comparison) =>
    comparison.dirty ? checkTilde(version, comparison) : compareVersions(version, comparison.version) === 0,
  "!=": checkNotEqual,
  ">": checkGreater,
  "<": (version, { version: bound }) => compareVersions(version, bound) < 0,
  ">=": (version, { version: bound }) => compareVersions(version, bound) >= 0,
  "<=": checkLessOrEqual,
  "~": checkTilde,
  "^": checkCaret,
};

function checkNotEqual(version: Version, { version: bound, dirty, minorDirty, patchDirty }: Comparison): boolean {
  if (dirty) {
    if (bound.major !== version.major) return true;
    if (minorDirty) return false;
    if (bound.minor !== version.minor) return true;
    if (patchDirty) return comparePrereleases(version.pre, bound.pre) !== 0;
    if (bound.patch !== version.patch) return true;
  }
  return compareVersions(version, bound) !== 0;
}

function checkGreater(version: Version, { version: bound, dirty, minorDirty, patchDirty }: Comparison): boolean {
  if (!dirty) return compareVersions(version, bound) > 0;
  if (version.major !== bound.major) return version.major > bound.major;
  if (minorDirty) return false;
  if (patchDirty) return version.minor > bound.minor;
  return compareVersions(version, bound) > 0;
}

function checkLessOrEqual(version: Version, { version: bound, dirty, minorDirty }: Comparison): boolean {
  if (!dirty) return compareVersions(version, bound) <= 0;
  if (version.major > bound.major) return false;
  return version.major < bound.major || version.minor <= bound.minor || minorDirty;
}

function checkTilde(version: Version, { version: bound, minorDirty, patchDirty }: Comparison): boolean {
  if (compareVersions(version, bound) < 0) return false;
  const isZero = bound.major === 0n && bound.minor === 0n && bound.patch === 0n;
  if (isZero && !minorDirty && !patchDirty) return true;
  return version.major === bound.major && (minorDirty || version.minor === bound.minor);
}

function checkCaret(version: Version, { version: bound, minorDirty, patchDirty }: Comparison): boolean {
  if (compareVersions(version, bound) < 0) return false;
  if (version.major !== bound.major) return false;
  if (bound.major > 0n || minorDirty) return true;
  if (version.minor !== bound.minor) return false;
  return bound.minor > 0n || patchDirty || version.patch === bound.patch;
}
