import { defineKind } from "../define-kind.ts";

export const binding = defineKind({
  group: "",
  version: "v1",
  kind: "Binding",
  plural: "bindings",
  verbs: ["create"],
});
