import { defineKind } from "../define-kind.ts";

export const podTemplate = defineKind({
  group: "",
  version: "v1",
  kind: "PodTemplate",
  plural: "podtemplates",
});
