import type { PersistentVolumeClaim } from "../../schema/data/types/core-v1.ts";
import { accessModesText } from "../cells/text.ts";
import { defineKind } from "../define-kind.ts";

/** How a class was named before there was a field for it. */
const CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class";

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
  cells: {
    Status: ({ metadata, status }) => (metadata.deletionTimestamp === undefined ? (status.phase ?? "") : "Terminating"),
    Volume: ({ spec }) => spec.volumeName ?? "",
    Capacity: ({ spec, status }) => (spec.volumeName ? (status.capacity?.["storage"] ?? "0") : ""),
    "Access Modes": ({ spec, status }) => (spec.volumeName ? accessModesText(status.accessModes) : ""),
    StorageClass: ({ spec, metadata }) => metadata.annotations?.[CLASS_ANNOTATION] ?? spec.storageClassName ?? "",
    VolumeAttributesClass: ({ spec }) => spec.volumeAttributesClassName ?? "<unset>",
    VolumeMode: ({ spec }) => spec.volumeMode ?? "<unset>",
  },
});
