import { defineKind } from "../define-kind.ts";

export const job = defineKind({
  group: "batch",
  version: "v1",
  kind: "Job",
  plural: "jobs",
  categories: ["all"],
  hasStatus: true,
  generationOf: ["spec"],
});
