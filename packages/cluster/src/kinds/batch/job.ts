import type { Job } from "../../schema/data/types/batch-v1.ts";
import { defineKind } from "../define-kind.ts";
import { completeSelector, setJobDefaults } from "../job/defaults.ts";

export const job = defineKind<Job>({
  group: "batch",
  version: "v1",
  kind: "Job",
  plural: "jobs",
  categories: ["all"],
  hasStatus: true,
  generationOf: ["spec"],
  setDefaults: setJobDefaults,
  prepareForCreate: completeSelector,
});
