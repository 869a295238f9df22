import { defineKind } from "../define-kind.ts";

export const deviceClass = defineKind({
  group: "resource.k8s.io",
  version: "v1",
  kind: "DeviceClass",
  plural: "deviceclasses",
  namespaced: false,
  generationOf: ["spec"],
});
