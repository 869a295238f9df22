import { defineKind } from "../define-kind.ts";
import { pathSegmentName } from "../validation/names.ts";
import type { Role } from "../../schema/data/types/rbac-v1.ts";
import { validateRole } from "./validate.ts";

export const role = defineKind<Role>({
  group: "rbac.authorization.k8s.io",
  version: "v1",
  kind: "Role",
  plural: "roles",
  nullWhenEmpty: ["rules"],
  nameRule: pathSegmentName,
  createsOnUpdate: true,
  updateChecks: ["new", "whole", "change"],
  validate: validateRole,
});
