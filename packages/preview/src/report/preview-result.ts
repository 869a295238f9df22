import type { ObjectChange } from "../compare/compare.ts";

/** What a change does, application by application. The shape of `--json`. */
export interface PreviewResult {
  readonly base: string;
  readonly head: string;
  /** Applications that something is to be said about; the others are counted. */
  readonly applications: readonly ApplicationPreview[];
  readonly totals: PreviewTotals;
  /** What could not be looked at apart from single applications: an ApplicationSet that does not expand, a broken file. */
  readonly problems: readonly PreviewProblem[];
}

export interface PreviewTotals {
  readonly applications: number;
  readonly rendered: number;
  readonly changed: number;
  readonly failed: number;
  readonly objectsAdded: number;
  readonly objectsRemoved: number;
  readonly objectsChanged: number;
}

export interface ApplicationPreview {
  readonly name: string;
  readonly namespace: string;
  readonly cluster: string;
  readonly status: "added" | "removed" | "changed" | "unchanged" | "failed";
  readonly objects: readonly ObjectChange[];
  /** Objects that another application owned before, with nothing else changed. */
  readonly moved: readonly MovedObject[];
  readonly problems: readonly PreviewProblem[];
}

export interface MovedObject {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

export interface PreviewProblem {
  readonly severity: "error" | "warning";
  /** The revision that it was found at. */
  readonly revision: string;
  readonly subject: string;
  readonly message: string;
}

export function hasChanges(result: PreviewResult): boolean {
  return result.totals.changed > 0;
}

export function hasFailures(result: PreviewResult): boolean {
  return result.totals.failed > 0 || result.problems.some((problem) => problem.severity === "error");
}

/** `Deployment shop/orders`. */
export function objectName(object: {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}): string {
  return `${object.kind} ${object.namespace === "" ? "" : `${object.namespace}/`}${object.name}`;
}

/** One line that says it all: `2 of 92 applications change: 1 object added, 3 changed, 0 removed`. */
export function summary(result: PreviewResult): string {
  const { applications, changed, failed, objectsAdded, objectsChanged, objectsRemoved } = result.totals;
  const objects = `${objectsAdded} added, ${objectsChanged} changed, ${objectsRemoved} removed`;
  const changes =
    changed === 0
      ? `No change in ${count(applications, "application")}`
      : `${changed} of ${count(applications, "application")} ${changed === 1 ? "changes" : "change"}; objects: ${objects}`;
  return failed === 0 ? `${changes}.` : `${changes}; ${count(failed, "application")} could not be rendered.`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
