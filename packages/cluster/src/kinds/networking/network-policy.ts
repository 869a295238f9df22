import { defineKind } from "../define-kind.ts";

export const networkPolicy = defineKind({
  group: "networking.k8s.io",
  version: "v1",
  kind: "NetworkPolicy",
  plural: "networkpolicies",
  shortNames: ["netpol"],
  generationOf: ["spec"],
});
