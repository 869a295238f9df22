import { defineKind } from "../define-kind.ts";

export const persistentVolume = defineKind({
  group: "",
  version: "v1",
  kind: "PersistentVolume",
  plural: "persistentvolumes",
  shortNames: ["pv"],
  namespaced: false,
  hasStatus: true,
});
