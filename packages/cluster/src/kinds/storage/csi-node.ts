import type { CSINode } from "../../schema/data/types/storage-v1.ts";
import { defineKind } from "../define-kind.ts";

export const csiNode = defineKind<CSINode>({
  group: "storage.k8s.io",
  version: "v1",
  kind: "CSINode",
  plural: "csinodes",
  namespaced: false,
  cells: { Drivers: ({ spec }) => spec.drivers?.length ?? 0 },
});
