// Versions and constraints as github.com/Masterminds/semver reads them: lenient about missing parts and a leading v.
import { type Constraint, parseConstraint } from "./semver/constraint.ts";
import { checkConstraint } from "./semver/check.ts";
import { type Version, parseVersion } from "./semver/version.ts";

export { type Version, parseVersion };

/** True if the version fits the constraint; false also if one of them is malformed. */
export function isCompatible(constraint: string, version: string): boolean {
  const parsed = parseVersion(version);
  const wanted = parseConstraint(constraint);
  return parsed !== undefined && wanted !== undefined && checkConstraint(wanted, parsed);
}

export type { Constraint };
export { checkConstraint, parseConstraint };
