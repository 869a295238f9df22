import { defineKind } from "../define-kind.ts";

export const ingress = defineKind({
  group: "networking.k8s.io",
  version: "v1",
  kind: "Ingress",
  plural: "ingresses",
  shortNames: ["ing"],
  hasStatus: true,
  generationOf: ["spec"],
});
