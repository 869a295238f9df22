import type { PersistentVolumeClaim, PersistentVolumeClaimSpec } from "../../schema/data/types/core-v1.ts";
import { accessModesText } from "../cells/text.ts";
import { defineKind } from "../define-kind.ts";
import { CLASS_ANNOTATION } from "../claim/storage-class.ts";
import { validateClaim, validateClaimStatus, validateClaimUpdate } from "../claim/validate.ts";
import { claimSizeWarnings } from "../warnings/pod-warnings.ts";

/** Once only these could be sources; others were silently left out. */
const firstSources = new Set(["/PersistentVolumeClaim", "snapshot.storage.k8s.io/VolumeSnapshot"]);

/** Two fields of one meaning, of which the newer can say more. */
function normaliseSources(spec: PersistentVolumeClaimSpec, before: PersistentVolumeClaimSpec | undefined): void {
  const { dataSource: source, dataSourceRef: reference } = spec;
  const isUsed = before?.dataSource !== undefined || before?.dataSourceRef !== undefined;
  if (source && !reference) {
    if (isUsed || firstSources.has(`${source.apiGroup ?? ""}/${source.kind}`)) spec.dataSourceRef = { ...source };
    else delete spec.dataSource;
  } else if (reference && !source && !reference.namespace) {
    const { namespace: _, ...rest } = reference;
    spec.dataSource = rest;
  }
}

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
    normaliseSources(claim.spec, undefined);
  },
  prepareForUpdate: (next, current) => normaliseSources(next.spec, current.spec),
  updateChecks: ["change", "new", "rest"],
  validate: validateClaim,
  validateUpdate: validateClaimUpdate,
  validateStatusUpdate: validateClaimStatus,
  warnings: ({ metadata, spec }) => [
    ...(metadata.annotations?.[CLASS_ANNOTATION] === undefined
      ? []
      : [`metadata.annotations[${CLASS_ANNOTATION}]: deprecated since v1.8; use "storageClassName" attribute instead`]),
    ...claimSizeWarnings(spec, "spec"),
  ],
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
