import { defineKind } from "../define-kind.ts";

export const ingressClass = defineKind({
  group: "networking.k8s.io",
  version: "v1",
  kind: "IngressClass",
  plural: "ingressclasses",
  namespaced: false,
  generationOf: ["spec"],
});
