import type { Job } from "../../schema/data/types/batch-v1.ts";
import { humanDuration } from "../cells/age.ts";
import { containerCells, selectorText } from "../cells/text.ts";
import { defineKind } from "../define-kind.ts";
import { completeSelector, setJobDefaults } from "../job/defaults.ts";
import { validateJobStatus } from "../job/validate-status.ts";
import { validateJob, validateJobUpdate } from "../job/validate.ts";
import { nameWarnings, OF_PODS } from "../warnings/pod-warnings.ts";
import { jobWarnings } from "../warnings/template-warnings.ts";

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
  updateChecks: ["new", "whole", "change", "rest"],
  validate: validateJob,
  validateUpdate: validateJobUpdate,
  validateStatusUpdate: validateJobStatus,
  selectableFields: { "status.successful": ({ status }) => String(status.succeeded ?? 0) },
  warnings: ({ metadata, spec }, current) =>
    metadata.generation === current?.metadata.generation
      ? []
      : [...(current ? [] : nameWarnings(metadata.name, OF_PODS)), ...jobWarnings(spec, "spec")],
  cells: {
    ...containerCells,
    Status: ({ metadata, status }) => {
      const isTrue = (type: string): boolean =>
        status.conditions?.some((condition) => condition.type === type && condition.status === "True") ?? false;
      if (isTrue("Complete")) return "Complete";
      if (isTrue("Failed")) return "Failed";
      if (metadata.deletionTimestamp !== undefined) return "Terminating";
      return ["Suspended", "FailureTarget", "SuccessCriteriaMet"].find(isTrue) ?? "Running";
    },
    Completions: ({ spec, status }) => {
      const done = status.succeeded ?? 0;
      if (spec.completions !== undefined) return `${done}/${spec.completions}`;
      return (spec.parallelism ?? 0) > 1 ? `${done}/1 of ${spec.parallelism}` : `${done}/1`;
    },
    Duration: ({ status }, now) => {
      if (status.startTime === undefined) return "";
      const end = status.completionTime === undefined ? now.getTime() : Date.parse(status.completionTime);
      return humanDuration((end - Date.parse(status.startTime)) / 1000);
    },
    Selector: ({ spec }) => selectorText(spec.selector),
  },
});
