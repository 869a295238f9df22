import type { PersistentVolume } from "../../schema/data/types/core-v1.ts";
import { defineKind } from "../define-kind.ts";

export const persistentVolume = defineKind<PersistentVolume>({
  group: "",
  version: "v1",
  kind: "PersistentVolume",
  plural: "persistentvolumes",
  shortNames: ["pv"],
  namespaced: false,
  hasStatus: true,
  setDefaults: ({ spec, status }) => {
    status.phase ??= "Pending";
    spec.persistentVolumeReclaimPolicy ??= "Retain";
    spec.volumeMode ??= "Filesystem";
    if (spec.hostPath) spec.hostPath.type ??= "";
    if (spec.iscsi) spec.iscsi.iscsiInterface ??= "default";
  },
  prepareForCreate: (volume) => {
    volume.status = { phase: "Pending" };
  },
});
