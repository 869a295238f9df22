import type { IngressClass } from "../../schema/data/types/networking-v1.ts";
import { defineKind } from "../define-kind.ts";
import { validateIngressClass, validateIngressClassUpdate } from "./validate.ts";

export const ingressClass = defineKind<IngressClass>({
  group: "networking.k8s.io",
  version: "v1",
  kind: "IngressClass",
  plural: "ingressclasses",
  namespaced: false,
  generationOf: ["spec"],
  setDefaults: ({ spec }) => {
    if (spec.parameters) spec.parameters.scope ??= "Cluster";
  },
  updateChecks: ["change", "rest", "new", "whole"],
  validate: validateIngressClass,
  validateUpdate: validateIngressClassUpdate,
  cells: {
    Controller: ({ spec }) => spec.controller ?? "",
    Parameters: ({ spec: { parameters } }) => {
      if (!parameters) return "<none>";
      const group = parameters.apiGroup === undefined ? "" : `.${parameters.apiGroup}`;
      return `${parameters.kind}${group}/${parameters.name}`;
    },
  },
});
