import { defineKind } from "../define-kind.ts";

export const priorityLevelConfiguration = defineKind({
  group: "flowcontrol.apiserver.k8s.io",
  version: "v1",
  kind: "PriorityLevelConfiguration",
  plural: "prioritylevelconfigurations",
  namespaced: false,
  hasStatus: true,
  generationOf: ["spec"],
});
