import type { ValidatingAdmissionPolicy } from "../../schema/data/types/admissionregistration-v1.ts";
import { defineKind } from "../define-kind.ts";
import { setMatchDefaults } from "./webhook-defaults.ts";

export const validatingAdmissionPolicy = defineKind<ValidatingAdmissionPolicy>({
  group: "admissionregistration.k8s.io",
  version: "v1",
  kind: "ValidatingAdmissionPolicy",
  plural: "validatingadmissionpolicies",
  hasStandardFinalizers: false,
  updateChecks: ["new", "whole"],
  updatesUnconditionally: false,
  categories: ["api-extensions"],
  namespaced: false,
  hasStatus: true,
  generationOf: ["spec"],
  setDefaults: ({ spec }) => {
    spec.failurePolicy ??= "Fail";
    if (spec.matchConstraints) setMatchDefaults(spec.matchConstraints);
  },
  cells: {
    Validations: ({ spec }) => spec.validations?.length ?? 0,
    ParamKind: ({ spec: { paramKind } }) => (paramKind ? `${paramKind.apiVersion}/${paramKind.kind}` : "<unset>"),
  },
});
