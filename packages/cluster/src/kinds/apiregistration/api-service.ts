import { defineKind } from "../define-kind.ts";

export const apiService = defineKind({
  group: "apiregistration.k8s.io",
  version: "v1",
  kind: "APIService",
  plural: "apiservices",
  categories: ["api-extensions"],
  namespaced: false,
  hasStatus: true,
});
