import type { StorageClass } from "../../schema/data/types/storage-v1.ts";
import { defineKind } from "../define-kind.ts";
import { validateStorageClass, validateStorageClassUpdate } from "./validate.ts";

export const storageClass = defineKind<StorageClass>({
  group: "storage.k8s.io",
  version: "v1",
  kind: "StorageClass",
  plural: "storageclasses",
  shortNames: ["sc"],
  namespaced: false,
  setDefaults: (storageClass) => {
    storageClass.reclaimPolicy ??= "Delete";
    storageClass.volumeBindingMode ??= "Immediate";
  },
  updateChecks: ["new", "whole", "change", "rest"],
  validate: validateStorageClass,
  validateUpdate: validateStorageClassUpdate,
  cells: {
    Name: ({ metadata }) => `${metadata.name}${isDefault(metadata.annotations) ? " (default)" : ""}`,
    Provisioner: ({ provisioner }) => provisioner,
    ReclaimPolicy: ({ reclaimPolicy }) => reclaimPolicy ?? "Delete",
    VolumeBindingMode: ({ volumeBindingMode }) => volumeBindingMode ?? "Immediate",
    AllowVolumeExpansion: ({ allowVolumeExpansion }) => allowVolumeExpansion ?? false,
  },
});

function isDefault(annotations: Readonly<Record<string, string>> = {}): boolean {
  return ["storageclass.kubernetes.io", "storageclass.beta.kubernetes.io"].some(
    (domain) => annotations[`${domain}/is-default-class`] === "true",
  );
}
