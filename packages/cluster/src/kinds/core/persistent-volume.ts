import type { PersistentVolume } from "../../schema/data/types/core-v1.ts";
import { accessModesText } from "../cells/text.ts";
import { defineKind } from "../define-kind.ts";
import { CLASS_ANNOTATION } from "../claim/storage-class.ts";
import { validateVolume, validateVolumeUpdate } from "../claim/validate-volume.ts";

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
    const since = volume.metadata.creationTimestamp;
    volume.status = { phase: "Pending", ...(since && { lastPhaseTransitionTime: since }) };
  },
  prepareForStatusUpdate: ({ status }, { status: before }) => {
    const { phase, lastPhaseTransitionTime: since } = status;
    if (phase === before.phase) {
      if (since === undefined && before.lastPhaseTransitionTime !== undefined)
        status.lastPhaseTransitionTime = before.lastPhaseTransitionTime;
    } else if (since === undefined || since === before.lastPhaseTransitionTime)
      status.lastPhaseTransitionTime = new Date().toISOString().replace(/\.\d+Z$/u, "Z");
  },
  updateChecks: ["new", "whole", "new", "rest"],
  validate: validateVolume,
  validateUpdate: validateVolumeUpdate,
  warnings: ({ metadata, spec }) => [
    ...(metadata.annotations?.[CLASS_ANNOTATION] === undefined
      ? []
      : [`metadata.annotations[${CLASS_ANNOTATION}]: deprecated since v1.8; use "storageClassName" attribute instead`]),
    ...(spec.persistentVolumeReclaimPolicy === "Recycle"
      ? [
          "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.",
        ]
      : []),
  ],
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
