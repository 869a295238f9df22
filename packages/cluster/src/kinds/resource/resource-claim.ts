import type { ResourceClaim } from "../../schema/data/types/resource-v1.ts";
import { defineKind } from "../define-kind.ts";
import { setDeviceDefaults } from "./device-defaults.ts";
import { dropFromClaim } from "./unfinished-fields.ts";
import { validateClaim, validateClaimUpdate } from "./validate.ts";

export const resourceClaim = defineKind<ResourceClaim>({
  group: "resource.k8s.io",
  version: "v1",
  kind: "ResourceClaim",
  plural: "resourceclaims",
  nullWhenEmpty: ["spec.devices.requests"],
  hasStatus: true,
  setDefaults: ({ spec }) => setDeviceDefaults(spec),
  cells: {
    State: ({ metadata, status }) => {
      const isDeleted = metadata.deletionTimestamp !== undefined;
      if (!status.allocation) return isDeleted ? "deleted" : "pending";
      const parts = [...(isDeleted ? ["deleted"] : []), "allocated"];
      return [...parts, ...((status.reservedFor ?? []).length > 0 ? ["reserved"] : [])].join(",");
    },
  },
  prepareForCreate: ({ spec }) => dropFromClaim(spec),
  prepareForUpdate: ({ spec }) => dropFromClaim(spec),
  updateChecks: ["new", "change", "rest"],
  validate: validateClaim,
  validateUpdate: validateClaimUpdate,
});
