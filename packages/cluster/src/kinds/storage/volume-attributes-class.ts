import type { VolumeAttributesClass } from "../../schema/data/types/storage-v1.ts";
import { defineKind } from "../define-kind.ts";
import { validateAttributesClass, validateAttributesClassUpdate } from "./validate.ts";

export const volumeAttributesClass = defineKind<VolumeAttributesClass>({
  group: "storage.k8s.io",
  version: "v1",
  kind: "VolumeAttributesClass",
  plural: "volumeattributesclasses",
  shortNames: ["vac"],
  namespaced: false,
  updateChecks: ["change", "rest", "new", "whole"],
  validate: validateAttributesClass,
  validateUpdate: validateAttributesClassUpdate,
  cells: { DriverName: ({ driverName }) => driverName },
});
