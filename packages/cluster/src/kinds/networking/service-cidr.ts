import type { ServiceCIDR } from "../../schema/data/types/networking-v1.ts";
import { defineKind } from "../define-kind.ts";
import { validateServiceCidr, validateServiceCidrUpdate } from "./validate.ts";

export const serviceCidr = defineKind<ServiceCIDR>({
  group: "networking.k8s.io",
  version: "v1",
  kind: "ServiceCIDR",
  plural: "servicecidrs",
  namespaced: false,
  hasStatus: true,
  takesStatus: "always",
  resetFields: { object: [], status: [] },
  validate: validateServiceCidr,
  validateUpdate: validateServiceCidrUpdate,
  cells: { CIDRs: ({ spec }) => (spec.cidrs ?? []).join(",") },
});
