import { defineKind } from "../define-kind.ts";
import { pathSegmentName } from "../validation/names.ts";
import type { ClusterRole } from "../../schema/data/types/rbac-v1.ts";
import { validateClusterRole } from "./validate.ts";

export const clusterRole = defineKind<ClusterRole>({
  group: "rbac.authorization.k8s.io",
  version: "v1",
  kind: "ClusterRole",
  plural: "clusterroles",
  nullWhenEmpty: ["rules"],
  namespaced: false,
  nameRule: pathSegmentName,
  createsOnUpdate: true,
  updateChecks: ["new", "whole", "change"],
  validate: validateClusterRole,
});
