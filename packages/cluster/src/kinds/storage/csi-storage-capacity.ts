import type { CSIStorageCapacity } from "../../schema/data/types/storage-v1.ts";
import { defineKind } from "../define-kind.ts";
import { validateCapacity, validateCapacityUpdate } from "./validate.ts";

export const csiStorageCapacity = defineKind<CSIStorageCapacity>({
  group: "storage.k8s.io",
  version: "v1",
  kind: "CSIStorageCapacity",
  plural: "csistoragecapacities",
  updatesUnconditionally: false,
  updateChecks: ["new", "whole", "change", "rest"],
  validate: validateCapacity,
  validateUpdate: validateCapacityUpdate,
  cells: {
    StorageClassName: ({ storageClassName }) => storageClassName,
    Capacity: ({ capacity }) => capacity ?? "<unset>",
  },
});
