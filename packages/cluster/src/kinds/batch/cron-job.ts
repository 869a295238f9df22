import type { CronJob } from "../../schema/data/types/batch-v1.ts";
import { defineKind } from "../define-kind.ts";
import { setTemplateDefaults } from "../pod-spec/defaults.ts";

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
      for (const pattern of rule.onPodConditions ?? []) pattern.status ??= "True";
  },
});
