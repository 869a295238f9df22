import type { RoleBinding } from "../../schema/data/types/rbac-v1.ts";
import { bindingCells } from "../cells/binding-cells.ts";
import { defineKind } from "../define-kind.ts";
import { pathSegmentName } from "../validation/names.ts";
import { setSubjectDefaults } from "./subject.ts";
import { validateRoleBinding, validateRoleBindingUpdate } from "./validate.ts";

export const roleBinding = defineKind<RoleBinding>({
  group: "rbac.authorization.k8s.io",
  version: "v1",
  kind: "RoleBinding",
  plural: "rolebindings",
  nameRule: pathSegmentName,
  setDefaults: ({ roleRef, subjects }) => {
    if (!roleRef.apiGroup) roleRef.apiGroup = "rbac.authorization.k8s.io";
    for (const subject of subjects ?? []) setSubjectDefaults(subject);
  },
  createsOnUpdate: true,
  updateChecks: ["new", "whole", "change", "rest"],
  validate: validateRoleBinding,
  validateUpdate: validateRoleBindingUpdate,
  cells: bindingCells,
});
