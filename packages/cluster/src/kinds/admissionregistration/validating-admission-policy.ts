import { defineKind } from "../define-kind.ts";

export const validatingAdmissionPolicy = defineKind({
  group: "admissionregistration.k8s.io",
  version: "v1",
  kind: "ValidatingAdmissionPolicy",
  plural: "validatingadmissionpolicies",
  categories: ["api-extensions"],
  namespaced: false,
  hasStatus: true,
  generationOf: ["spec"],
});
