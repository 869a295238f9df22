import { defineKind } from "../define-kind.ts";

export const flowSchema = defineKind({
  group: "flowcontrol.apiserver.k8s.io",
  version: "v1",
  kind: "FlowSchema",
  plural: "flowschemas",
  namespaced: false,
  hasStatus: true,
  generationOf: ["spec"],
});
