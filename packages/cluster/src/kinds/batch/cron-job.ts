import type { CronJob } from "../../schema/data/types/batch-v1.ts";
import { ageOf } from "../cells/age.ts";
import { booleanText, containerImages, containerNames, selectorText } from "../cells/text.ts";
import { defineKind } from "../define-kind.ts";
import { setTemplateDefaults } from "../pod-spec/defaults.ts";
import { validateCronJob } from "../cron/validate.ts";
import { nameWarnings, OF_PODS } from "../warnings/pod-warnings.ts";
import { jobWarnings } from "../warnings/template-warnings.ts";

export const cronJob = defineKind<CronJob>({
  group: "batch",
  version: "v1",
  kind: "CronJob",
  plural: "cronjobs",
  shortNames: ["cj"],
  categories: ["all"],
  hasStatus: true,
  generationOf: ["spec"],
  setDefaults: ({ spec }) => {
    spec.concurrencyPolicy ??= "Allow";
    spec.suspend ??= false;
    spec.successfulJobsHistoryLimit ??= 3;
    spec.failedJobsHistoryLimit ??= 1;
    setTemplateDefaults(spec.jobTemplate.spec.template);
    for (const rule of spec.jobTemplate.spec.podFailurePolicy?.rules ?? [])
      for (const pattern of rule.onPodConditions ?? []) pattern.status ||= "True";
  },
  validate: validateCronJob,
  warnings: ({ metadata, spec }, current) =>
    metadata.generation === current?.metadata.generation
      ? []
      : [
          ...(current ? [] : nameWarnings(metadata.name, OF_PODS)),
          ...jobWarnings(spec.jobTemplate.spec, "spec.jobTemplate.spec"),
        ],
  cells: {
    Schedule: ({ spec }) => spec.schedule,
    Timezone: ({ spec }) => spec.timeZone ?? "<none>",
    Suspend: ({ spec }) => booleanText(spec.suspend),
    Active: ({ status }) => status.active?.length ?? 0,
    "Last Schedule": ({ status }, now) =>
      status.lastScheduleTime === undefined ? "<none>" : ageOf(status.lastScheduleTime, now),
    Containers: ({ spec }) => containerNames(spec.jobTemplate.spec.template.spec.containers),
    Images: ({ spec }) => containerImages(spec.jobTemplate.spec.template.spec.containers),
    Selector: ({ spec }) => selectorText(spec.jobTemplate.spec.selector),
  },
});
