import { defineKind } from "../define-kind.ts";

export const serviceCidr = defineKind({
  group: "networking.k8s.io",
  version: "v1",
  kind: "ServiceCIDR",
  plural: "servicecidrs",
  namespaced: false,
  hasStatus: true,
});
