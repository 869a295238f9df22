import type { RuntimeClass } from "../../schema/data/types/node-v1.ts";
import { defineKind } from "../define-kind.ts";
import { validateRuntimeClass, validateRuntimeClassUpdate } from "../machine/validate.ts";

export const runtimeClass = defineKind<RuntimeClass>({
  group: "node.k8s.io",
  version: "v1",
  kind: "RuntimeClass",
  plural: "runtimeclasses",
  updatesUnconditionally: false,
  namespaced: false,
  hasStandardFinalizers: false,
  updateChecks: ["new", "whole", "change", "rest"],
  validate: validateRuntimeClass,
  validateUpdate: validateRuntimeClassUpdate,
  cells: { Handler: ({ handler }) => handler },
  createsOnUpdate: true,
});
