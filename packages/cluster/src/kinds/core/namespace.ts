import type { Namespace } from "../../schema/data/types/core-v1.ts";
import { defineKind } from "../define-kind.ts";
import { validateNamespace, validateNamespaceStatus } from "../machine/validate.ts";
import { labelName } from "../validation/names.ts";

export const namespace = defineKind<Namespace>({
  group: "",
  version: "v1",
  kind: "Namespace",
  plural: "namespaces",
  shortNames: ["ns"],
  namespaced: false,
  verbs: ["create", "delete", "get", "list", "patch", "update", "watch"],
  hasStatus: true,
  subresources: [{ name: "finalize", kind: "Namespace", verbs: ["update"] }],
  setDefaults: ({ metadata, status }) => {
    if (metadata.name) metadata.labels = { ...metadata.labels, "kubernetes.io/metadata.name": metadata.name };
    status.phase ??= "Active";
  },
  prepareForCreate: (namespace) => {
    namespace.status = { phase: "Active" };
    const finalizers = namespace.spec.finalizers ?? [];
    namespace.spec.finalizers = finalizers.includes("kubernetes") ? finalizers : [...finalizers, "kubernetes"];
  },
  prepareForUpdate: (next, current) => {
    next.spec = current.spec;
    next.status = current.status;
  },
  selectableFields: { "status.phase": ({ status }) => status.phase ?? "" },
  nameRule: labelName,
  updateChecks: ["new", "whole", "change"],
  validate: validateNamespace,
  validateUpdate: () => [],
  validateStatusUpdate: validateNamespaceStatus,
  cells: { Status: ({ status }) => status.phase ?? "" },
});
