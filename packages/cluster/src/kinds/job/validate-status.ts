import type { FieldError } from "../../object/field-error.ts";
import { equalJson } from "../../object/json-value.ts";
import type { Job, JobStatus } from "../../schema/data/types/batch-v1.ts";
import { duplicate, forbiddenState, invalid, required } from "../validation/errors.ts";
import { IMMUTABLE } from "../validation/immutable.ts";
import { internalForm } from "../validation/internal-form.ts";
import { nonNegative } from "../validation/numbers.ts";
import { indexesProblem, overlapProblem } from "./indexes.ts";

type Flag = "Complete" | "Failed" | "FailureTarget" | "SuccessCriteriaMet" | "Suspended";

/** What a status says of its job, and whether that is new: only what changes is looked at. */
interface Change {
  readonly next: Job;
  readonly current: Job;
  readonly is: (flag: Flag) => boolean;
  readonly was: (flag: Flag) => boolean;
  readonly changes: (field: keyof JobStatus) => boolean;
  readonly flips: (...flags: readonly Flag[]) => boolean;
}

export function validateJobStatus(next: Job, current: Job): FieldError[] {
  const has = (job: Job, flag: Flag): boolean =>
    (job.status.conditions ?? []).some(({ type, status }) => type === flag && status === "True");
  const is = (flag: Flag): boolean => has(next, flag);
  const was = (flag: Flag): boolean => has(current, flag);
  const change: Change = {
    next,
    current,
    is,
    was,
    changes: (field) => !equalJson(next.status[field], current.status[field]),
    flips: (...flags) => flags.some((flag) => is(flag) !== was(flag)),
  };
  return [
    ...validateCounts(next.status),
    ...validateCompletion(change),
    ...validateFinished(change),
    ...validateIndexes(change),
    ...validateReady(change),
    ...validateSuccess(change),
    ...validateTransition(change),
  ];
}

function validateCounts(status: JobStatus): FieldError[] {
  const errors = (["active", "succeeded", "failed", "ready", "terminating"] as const).flatMap((name) =>
    nonNegative(status[name], `status.${name}`),
  );
  const seen = new Set<string>();
  for (const list of ["succeeded", "failed"] as const)
    for (const [index, uid] of (status.uncountedTerminatedPods?.[list] ?? []).entries()) {
      const place = `status.uncountedTerminatedPods.${list}[${index}]`;
      if (uid === "") errors.push(invalid(place, uid, "must not be empty"));
      else if (seen.has(uid)) errors.push(duplicate(place, uid));
      seen.add(uid);
    }
  return errors;
}

const conditions = (detail: string): FieldError => forbiddenState("status.conditions", detail);

function validateCompletion({ next: { status }, is, changes, flips }: Change): FieldError[] {
  const errors: FieldError[] = [];
  const { completionTime: end, startTime: start } = status;
  if (flips("Complete", "Failed") && is("Complete") && is("Failed"))
    errors.push(conditions("cannot set Complete=True and Failed=true conditions"));
  if (flips("Complete", "FailureTarget") && is("Complete") && is("FailureTarget"))
    errors.push(conditions("cannot set Complete=True and FailureTarget=true conditions"));
  const isNew = flips("Complete") || changes("completionTime");
  if (isNew && end !== undefined && !is("Complete")) {
    const detail = "cannot set completionTime when there is no Complete=True condition";
    errors.push(invalid("status.completionTime", end, detail));
  }
  if (isNew && end === undefined && is("Complete"))
    errors.push(required("status.completionTime", "completionTime is required for Complete jobs"));
  if ((changes("startTime") || changes("completionTime")) && start !== undefined && end !== undefined && end < start)
    errors.push(invalid("status.completionTime", end, "must be equal to or after `startTime`"));
  if ((flips("Failed") || changes("failedIndexes")) && is("Failed") && !is("FailureTarget"))
    errors.push(conditions("cannot set Failed=True condition without the FailureTarget=true condition"));
  if (flips("Complete", "SuccessCriteriaMet") && is("Complete") && !is("SuccessCriteriaMet"))
    errors.push(conditions("cannot set Complete=True condition without the SuccessCriteriaMet=true condition"));
  return errors;
}

function isFinished(is: (flag: Flag) => boolean): boolean {
  return is("Complete") || is("Failed");
}

function validateFinished({ next: { spec, status }, is, was, changes }: Change): FieldError[] {
  if (!isFinished(is)) return [];
  const errors: FieldError[] = [];
  const isNew = !isFinished(was);
  const { active = 0, startTime, uncountedTerminatedPods: uncounted } = status;
  if ((isNew || changes("active")) && active > 0)
    errors.push(invalid("status.active", active, "active>0 is invalid for finished job"));
  const isIdle = spec.suspend === true && spec.completions === 0;
  if ((isNew || changes("startTime")) && !isIdle && startTime === undefined)
    errors.push(required("status.startTime", "startTime is required for finished job"));
  const count = (uncounted?.failed ?? []).length + (uncounted?.succeeded ?? []).length;
  if ((isNew || changes("uncountedTerminatedPods")) && count > 0) {
    const shown = internalForm("UncountedTerminatedPods", uncounted);
    errors.push(invalid("status.uncountedTerminatedPods", shown, "must be empty for finished job"));
  }
  return errors;
}

function validateIndexes({ next: { spec, status }, changes }: Change): FieldError[] {
  const errors: FieldError[] = [];
  const { completions, backoffLimitPerIndex: limit, completionMode } = spec;
  const { completedIndexes: completed = "", failedIndexes: failed } = status;
  const areCompletedNew = changes("completedIndexes");
  const areFailedNew = changes("failedIndexes");
  const wrongCompleted = completions === undefined ? undefined : indexesProblem(completed, completions);
  if (areCompletedNew && wrongCompleted !== undefined)
    errors.push(invalid("status.completedIndexes", completed, `error parsing completedIndexes: ${wrongCompleted}`));
  if (areFailedNew && failed !== undefined && completions !== undefined && limit !== undefined) {
    const problem = indexesProblem(failed, completions);
    if (problem !== undefined)
      errors.push(invalid("status.failedIndexes", failed, `error parsing failedIndexes: ${problem}`));
  }
  if (areCompletedNew && completed !== "" && completionMode !== "Indexed") {
    const detail = "cannot set non-empty completedIndexes when non-indexed completion mode";
    errors.push(invalid("status.completedIndexes", completed, detail));
  }
  if (areFailedNew && failed !== undefined && limit === undefined) {
    const detail = "cannot set non-null failedIndexes when backoffLimitPerIndex is null";
    errors.push(invalid("status.failedIndexes", failed, detail));
  }
  if ((areFailedNew || areCompletedNew) && failed !== undefined && completions !== undefined) {
    const problem = overlapProblem(completed, failed, completions);
    if (problem !== undefined) errors.push(invalid("status.failedIndexes", failed, problem));
  }
  return errors;
}

function validateReady({ next: { status }, is, was, changes }: Change): FieldError[] {
  const errors: FieldError[] = [];
  const { ready, active = 0, terminating = 0 } = status;
  const isNew = isFinished(is) !== isFinished(was) || changes("terminating");
  if (isNew && terminating > 0 && isFinished(is))
    errors.push(invalid("status.terminating", terminating, "terminating>0 is invalid for finished job"));
  if ((changes("ready") || changes("active")) && ready !== undefined && ready > active)
    errors.push(invalid("status.ready", ready, "cannot set more ready pods than active"));
  return errors;
}

function validateSuccess({ next: { spec }, is }: Change): FieldError[] {
  const errors: FieldError[] = [];
  if (is("SuccessCriteriaMet") && is("Failed"))
    errors.push(conditions("cannot set SuccessCriteriaMet=True and Failed=true conditions"));
  if (is("SuccessCriteriaMet") && is("FailureTarget"))
    errors.push(conditions("cannot set SuccessCriteriaMet=True and FailureTarget=true conditions"));
  if (spec.successPolicy && !is("SuccessCriteriaMet") && is("Complete"))
    errors.push(conditions("cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True"));
  return errors;
}

function validateTransition({ next, current, is, was }: Change): FieldError[] {
  const errors: FieldError[] = [];
  const { spec, status } = next;
  for (const flag of ["Failed", "Complete", "FailureTarget"] as const)
    if (was(flag) && !is(flag)) errors.push(conditions(`cannot disable the terminal ${flag}=True condition`));
  const { failed = 0, succeeded = 0, startTime, completionTime } = status;
  if (failed < (current.status.failed ?? 0))
    errors.push(invalid("status.failed", failed, "cannot decrease the failed counter"));
  const mayShrink = spec.completionMode === "Indexed" && spec.completions === spec.parallelism;
  if (!mayShrink && succeeded < (current.status.succeeded ?? 0))
    errors.push(invalid("status.succeeded", succeeded, "cannot decrease the succeeded counter"));
  const ended = current.status.completionTime;
  if (completionTime !== undefined && ended !== undefined && completionTime !== ended)
    errors.push(invalid("status.completionTime", completionTime, IMMUTABLE));
  const isResuming =
    was("Suspended") &&
    (status.conditions ?? []).some(({ type, status: state }) => type === "Suspended" && state === "False");
  const began = current.status.startTime;
  if (!isResuming && began !== undefined && began !== startTime && !spec.suspend)
    errors.push(required("status.startTime", "startTime cannot be removed for unsuspended job"));
  if (was("SuccessCriteriaMet") && !is("SuccessCriteriaMet"))
    errors.push(conditions("cannot disable the SuccessCriteriaMet=True condition"));
  if (was("Complete") && !was("SuccessCriteriaMet") && is("SuccessCriteriaMet"))
    errors.push(conditions("cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions"));
  return errors;
}
