import { baselineChecks } from "./baseline-checks.ts";
import type { Check, Violation } from "./check.ts";
import type { PodShape } from "./pod.ts";
import { minorOf, type LevelVersion } from "./policy.ts";
import { restrictedChecks } from "./restricted-checks.ts";

/** Which controls of the level a pod breaks, in the order in which Kubernetes names them. */
export function violationsOf(pod: PodShape, asked: LevelVersion): readonly Violation[] {
  if (asked.level === "privileged") return [];
  const minor = minorOf(asked);
  const whole = { ...pod, spec: pod.spec ?? {} };
  return checksOf(asked.level, minor).flatMap((check) => {
    const violation = check.violation(whole, minor);
    return violation ? [violation] : [];
  });
}

function checksOf(level: "baseline" | "restricted", minor: number): readonly Check[] {
  const restricted = level === "restricted" ? inForce(restrictedChecks, minor) : [];
  const replaced = new Set(restricted.map(([, { replaces }]) => replaces));
  return [...inForce(baselineChecks, minor).filter(([name]) => !replaced.has(name)), ...restricted].map(
    ([, check]) => check,
  );
}

function inForce(checks: Readonly<Record<string, Check>>, minor: number): readonly (readonly [string, Check])[] {
  return Object.entries(checks)
    .filter(([, { since }]) => since <= minor)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** As Kubernetes writes it after the level that is violated. */
export function describeViolations(violations: readonly Violation[]): string {
  return violations.map(({ reason, detail }) => (detail === "" ? reason : `${reason} (${detail})`)).join(", ");
}
