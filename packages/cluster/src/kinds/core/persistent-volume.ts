import type { PersistentVolume } from "../../schema/data/types/core-v1.ts";
import { accessModesText } from "../cells/text.ts";
import { defineKind } from "../define-kind.ts";

/** How a class was named before there was a field for it. */
const CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class";

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
  cells: {
    Capacity: ({ spec }) => spec.capacity?.["storage"] ?? "0",
    "Access Modes": ({ spec }) => accessModesText(spec.accessModes),
    "Reclaim Policy": ({ spec }) => spec.persistentVolumeReclaimPolicy ?? "",
    Status: ({ metadata, status }) => (metadata.deletionTimestamp === undefined ? (status.phase ?? "") : "Terminating"),
    Claim: ({ spec }) => (spec.claimRef ? `${spec.claimRef.namespace ?? ""}/${spec.claimRef.name ?? ""}` : ""),
    StorageClass: ({ spec, metadata }) => metadata.annotations?.[CLASS_ANNOTATION] ?? spec.storageClassName ?? "",
    VolumeAttributesClass: ({ spec }) => spec.volumeAttributesClassName ?? "<unset>",
    Reason: ({ status }) => status.reason ?? "",
    VolumeMode: ({ spec }) => spec.volumeMode ?? "<unset>",
  },
});
