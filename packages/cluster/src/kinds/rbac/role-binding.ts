import { defineKind } from "../define-kind.ts";

export const roleBinding = defineKind({
  group: "rbac.authorization.k8s.io",
  version: "v1",
  kind: "RoleBinding",
  plural: "rolebindings",
});
