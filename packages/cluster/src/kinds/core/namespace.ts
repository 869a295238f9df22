import { defineKind } from "../define-kind.ts";

export const namespace = defineKind({
  group: "",
  version: "v1",
  kind: "Namespace",
  plural: "namespaces",
  shortNames: ["ns"],
  namespaced: false,
  verbs: ["create", "delete", "get", "list", "patch", "update", "watch"],
  hasStatus: true,
  subresources: [{ name: "finalize", kind: "Namespace", verbs: ["update"] }],
});
