import { defineKind } from "../define-kind.ts";

export const cronJob = defineKind({
  group: "batch",
  version: "v1",
  kind: "CronJob",
  plural: "cronjobs",
  shortNames: ["cj"],
  categories: ["all"],
  hasStatus: true,
  generationOf: ["spec"],
});
