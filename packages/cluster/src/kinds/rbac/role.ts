import { defineKind } from "../define-kind.ts";
import { pathSegmentName } from "../validation/names.ts";

export const role = defineKind({
  group: "rbac.authorization.k8s.io",
  version: "v1",
  kind: "Role",
  plural: "roles",
  nameRule: pathSegmentName,
  createsOnUpdate: true,
});
