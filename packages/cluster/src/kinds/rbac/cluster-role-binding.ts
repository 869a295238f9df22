import type { ClusterRoleBinding } from "../../schema/data/types/rbac-v1.ts";
import { bindingCells } from "../cells/binding-cells.ts";
import { defineKind } from "../define-kind.ts";
import { pathSegmentName } from "../validation/names.ts";
import { setSubjectDefaults } from "./subject.ts";
import { validateClusterRoleBinding, validateClusterRoleBindingUpdate } from "./validate.ts";

export const clusterRoleBinding = defineKind<ClusterRoleBinding>({
  group: "rbac.authorization.k8s.io",
  version: "v1",
  kind: "ClusterRoleBinding",
  plural: "clusterrolebindings",
  namespaced: false,
  nameRule: pathSegmentName,
  setDefaults: ({ roleRef, subjects }) => {
    if (!roleRef.apiGroup) roleRef.apiGroup = "rbac.authorization.k8s.io";
    for (const subject of subjects ?? []) setSubjectDefaults(subject);
  },
  createsOnUpdate: true,
  updateChecks: ["new", "whole", "change", "rest"],
  validate: validateClusterRoleBinding,
  validateUpdate: validateClusterRoleBindingUpdate,
  cells: bindingCells,
});
