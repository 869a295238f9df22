import { defineKind } from "../define-kind.ts";

export const resourceQuota = defineKind({
  group: "",
  version: "v1",
  kind: "ResourceQuota",
  plural: "resourcequotas",
  shortNames: ["quota"],
  hasStatus: true,
});
