import { defineKind } from "../define-kind.ts";

export const componentStatus = defineKind({
  group: "",
  version: "v1",
  kind: "ComponentStatus",
  plural: "componentstatuses",
  shortNames: ["cs"],
  namespaced: false,
  verbs: ["get", "list"],
});
