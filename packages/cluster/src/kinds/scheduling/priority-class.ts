import type { PriorityClass } from "../../schema/data/types/scheduling-v1.ts";
import { defineKind } from "../define-kind.ts";
import { validatePriorityClass, validatePriorityClassUpdate } from "../machine/validate.ts";

export const priorityClass = defineKind<PriorityClass>({
  group: "scheduling.k8s.io",
  version: "v1",
  kind: "PriorityClass",
  plural: "priorityclasses",
  shortNames: ["pc"],
  namespaced: false,
  generationOf: [],
  setDefaults: (priorityClass) => {
    priorityClass.preemptionPolicy ??= "PreemptLowerPriority";
  },
  validate: validatePriorityClass,
  validateUpdate: validatePriorityClassUpdate,
  cells: {
    Value: ({ value }) => value,
    "Global-Default": ({ globalDefault }) => globalDefault ?? false,
    PreemptionPolicy: ({ preemptionPolicy }) => preemptionPolicy ?? "",
  },
});
