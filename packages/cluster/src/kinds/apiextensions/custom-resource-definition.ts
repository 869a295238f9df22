import type { CustomResourceDefinition } from "../../schema/data/types/apiextensions-v1.ts";
import { defineKind } from "../define-kind.ts";

export const customResourceDefinition = defineKind<CustomResourceDefinition>({
  group: "apiextensions.k8s.io",
  version: "v1",
  kind: "CustomResourceDefinition",
  plural: "customresourcedefinitions",
  shortNames: ["crd", "crds"],
  categories: ["api-extensions"],
  namespaced: false,
  hasStatus: true,
  generationOf: ["spec"],
  setDefaults: ({ spec }) => {
    const { names } = spec;
    if (!names.singular) names.singular = names.kind.toLowerCase();
    if (!names.listKind && names.kind) names.listKind = `${names.kind}List`;
    spec.conversion ??= { strategy: "None" };
    const service = spec.conversion.webhook?.clientConfig?.service;
    if (service) service.port ??= 443;
  },
  prepareForCreate: ({ spec, status }) => {
    status.storedVersions = (spec.versions ?? []).filter(({ storage }) => storage).map(({ name }) => name);
  },
});
