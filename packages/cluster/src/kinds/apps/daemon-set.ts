import { defineKind } from "../define-kind.ts";

export const daemonSet = defineKind({
  group: "apps",
  version: "v1",
  kind: "DaemonSet",
  plural: "daemonsets",
  shortNames: ["ds"],
  categories: ["all"],
  hasStatus: true,
  generationOf: ["spec"],
});
