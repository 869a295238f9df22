import type { ValidatingAdmissionPolicyBinding } from "../../schema/data/types/admissionregistration-v1.ts";
import { defineKind } from "../define-kind.ts";
import { setMatchDefaults } from "./webhook-defaults.ts";

export const validatingAdmissionPolicyBinding = defineKind<ValidatingAdmissionPolicyBinding>({
  group: "admissionregistration.k8s.io",
  version: "v1",
  kind: "ValidatingAdmissionPolicyBinding",
  plural: "validatingadmissionpolicybindings",
  hasStandardFinalizers: false,
  updateChecks: ["new", "whole"],
  updatesUnconditionally: false,
  categories: ["api-extensions"],
  namespaced: false,
  generationOf: ["spec"],
  setDefaults: ({ spec }) => {
    if (spec.matchResources) setMatchDefaults(spec.matchResources);
  },
  cells: {
    PolicyName: ({ spec }) => spec.policyName ?? "",
    ParamRef: ({ spec: { paramRef } }) =>
      paramRef?.name ? `${paramRef.namespace ?? "*"}/${paramRef.name}` : "<unset>",
  },
});
