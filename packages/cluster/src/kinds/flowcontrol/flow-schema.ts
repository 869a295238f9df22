import type { FlowSchema } from "../../schema/data/types/flowcontrol-v1.ts";
import { defineKind } from "../define-kind.ts";
import { validateFlowSchema, validateFlowSchemaStatus } from "./validate.ts";

export const flowSchema = defineKind<FlowSchema>({
  group: "flowcontrol.apiserver.k8s.io",
  version: "v1",
  kind: "FlowSchema",
  plural: "flowschemas",
  namespaced: false,
  hasStatus: true,
  generationOf: ["spec"],
  setDefaults: ({ spec }) => {
    spec.matchingPrecedence ||= 1000;
  },
  updateChecks: ["new", "whole"],
  validate: validateFlowSchema,
  validateStatusUpdate: validateFlowSchemaStatus,
  cells: {
    PriorityLevel: ({ spec }) => spec.priorityLevelConfiguration.name,
    MatchingPrecedence: ({ spec }) => spec.matchingPrecedence,
    DistinguisherMethod: ({ spec }) => spec.distinguisherMethod?.type ?? "<none>",
    MissingPL: ({ status }) => status.conditions?.find(({ type }) => type === "Dangling")?.status ?? "?",
  },
});
