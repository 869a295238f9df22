import { defineKind } from "../define-kind.ts";

export const resourceClaimTemplate = defineKind({
  group: "resource.k8s.io",
  version: "v1",
  kind: "ResourceClaimTemplate",
  plural: "resourceclaimtemplates",
});
