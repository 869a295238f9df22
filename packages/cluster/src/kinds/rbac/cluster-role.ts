import { defineKind } from "../define-kind.ts";
import { pathSegmentName } from "../validation/names.ts";

export const clusterRole = defineKind({
  group: "rbac.authorization.k8s.io",
  version: "v1",
  kind: "ClusterRole",
  plural: "clusterroles",
  namespaced: false,
  nameRule: pathSegmentName,
  createsOnUpdate: true,
});
