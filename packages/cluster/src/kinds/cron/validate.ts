import type { FieldError } from "../../object/field-error.ts";
import type { CronJob } from "../../schema/data/types/batch-v1.ts";
import { validateJobSpec } from "../job/validate.ts";
import { invalid, notSupported, required } from "../validation/errors.ts";
import { validateLabels } from "../validation/labels.ts";
import { validateAnnotations } from "../validation/metadata.ts";
import { nonNegative } from "../validation/numbers.ts";
import { scheduleError } from "./schedule.ts";

/** A job's name has eleven characters more: its time. */
const NAME_MAX = 52;
const policies = ["Allow", "Forbid", "Replace"];

export function validateCronJob({ metadata, spec }: CronJob): FieldError[] {
  const errors: FieldError[] = [];
  const { schedule, timeZone, concurrencyPolicy: policy = "", jobTemplate } = spec;
  if (schedule === "") errors.push(required("spec.schedule"));
  else errors.push(...validateSchedule(schedule, timeZone));
  if (timeZone !== undefined) errors.push(...validateZone(timeZone));
  errors.push(...nonNegative(spec.startingDeadlineSeconds, "spec.startingDeadlineSeconds"));
  if (!policies.includes(policy)) errors.push(notSupported("spec.concurrencyPolicy", policy, policies));
  errors.push(...validateLabels(jobTemplate.metadata.labels, "spec.jobTemplate.labels"));
  errors.push(...validateAnnotations(jobTemplate.metadata.annotations, "spec.jobTemplate.annotations"));
  errors.push(...validateJobSpec(jobTemplate.spec, "spec.jobTemplate.spec"));
  errors.push(...nonNegative(spec.successfulJobsHistoryLimit, "spec.successfulJobsHistoryLimit"));
  errors.push(...nonNegative(spec.failedJobsHistoryLimit, "spec.failedJobsHistoryLimit"));
  const name = metadata.name ?? "";
  if (name.length > NAME_MAX)
    errors.push(invalid("metadata.name", name, `must be no more than ${NAME_MAX} characters`));
  return errors;
}

function validateSchedule(schedule: string, timeZone: string | undefined): FieldError[] {
  const field = "spec.schedule";
  const isZoned = schedule.includes("TZ");
  if (isZoned && timeZone !== undefined)
    return [invalid(field, schedule, "cannot use both timeZone field and TZ or CRON_TZ in schedule")];
  if (isZoned) return [invalid(field, schedule, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead")];
  const error = scheduleError(schedule);
  return error === undefined ? [] : [invalid(field, schedule, error)];
}

function validateZone(zone: string): FieldError[] {
  const field = "spec.timeZone";
  if (zone === "") return [invalid(field, zone, "timeZone must be nil or non-empty string")];
  if (zone.toLowerCase() === "local") {
    const detail = "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones";
    return [invalid(field, zone, detail)];
  }
  try {
    return Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone === "" ? [] : [];
  } catch {
    return [invalid(field, zone, `unknown time zone ${zone}`)];
  }
}
