import { defineKind } from "../define-kind.ts";

export const runtimeClass = defineKind({
  group: "node.k8s.io",
  version: "v1",
  kind: "RuntimeClass",
  plural: "runtimeclasses",
  namespaced: false,
});
