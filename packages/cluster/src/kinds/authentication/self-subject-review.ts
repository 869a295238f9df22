import { defineKind } from "../define-kind.ts";

export const selfSubjectReview = defineKind({
  group: "authentication.k8s.io",
  version: "v1",
  kind: "SelfSubjectReview",
  plural: "selfsubjectreviews",
  namespaced: false,
  verbs: ["create"],
});
