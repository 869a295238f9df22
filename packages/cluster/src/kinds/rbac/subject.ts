import type { Subject } from "../../schema/data/types/rbac-v1.ts";

/** Users and groups belong to the API group, service accounts to the core. */
export function setSubjectDefaults(subject: Subject): void {
  if (subject.kind === "User" || subject.kind === "Group") subject.apiGroup ??= "rbac.authorization.k8s.io";
}
