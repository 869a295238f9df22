import type { VolumeAttachment } from "../../schema/data/types/storage-v1.ts";
import { defineKind } from "../define-kind.ts";
import { validateAttachmentUpdate, validateNewAttachment } from "./validate.ts";

export const volumeAttachment = defineKind<VolumeAttachment>({
  group: "storage.k8s.io",
  version: "v1",
  kind: "VolumeAttachment",
  plural: "volumeattachments",
  updatesUnconditionally: false,
  namespaced: false,
  hasStatus: true,
  updateChecks: ["new", "rest"],
  validate: validateNewAttachment,
  validateUpdate: validateAttachmentUpdate,
  cells: {
    Attacher: ({ spec }) => spec.attacher,
    PV: ({ spec }) => spec.source.persistentVolumeName ?? "",
    Node: ({ spec }) => spec.nodeName,
    Attached: ({ status }) => status.attached,
  },
});
