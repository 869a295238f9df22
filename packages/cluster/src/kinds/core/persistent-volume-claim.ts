import type { PersistentVolumeClaim } from "../../schema/data/types/core-v1.ts";
import { defineKind } from "../define-kind.ts";

export const persistentVolumeClaim = defineKind<PersistentVolumeClaim>({
  group: "",
  version: "v1",
  kind: "PersistentVolumeClaim",
  plural: "persistentvolumeclaims",
  shortNames: ["pvc"],
  hasStatus: true,
  setDefaults: ({ spec, status }) => {
    status.phase ??= "Pending";
    spec.volumeMode ??= "Filesystem";
  },
  prepareForCreate: (claim) => {
    claim.status = { phase: "Pending" };
  },
});
