import { defineKind } from "../define-kind.ts";

export const localSubjectAccessReview = defineKind({
  group: "authorization.k8s.io",
  version: "v1",
  kind: "LocalSubjectAccessReview",
  plural: "localsubjectaccessreviews",
  verbs: ["create"],
});
