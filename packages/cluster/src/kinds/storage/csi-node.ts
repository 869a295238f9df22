import type { CSINode } from "../../schema/data/types/storage-v1.ts";
import { defineKind } from "../define-kind.ts";
import { validateCsiNode, validateCsiNodeUpdate } from "./validate.ts";

export const csiNode = defineKind<CSINode>({
  group: "storage.k8s.io",
  version: "v1",
  kind: "CSINode",
  plural: "csinodes",
  nullWhenEmpty: ["spec.drivers"],
  updatesUnconditionally: false,
  namespaced: false,
  updateChecks: ["new", "whole", "new", "whole", "rest"],
  validate: validateCsiNode,
  validateUpdate: validateCsiNodeUpdate,
  cells: { Drivers: ({ spec }) => spec.drivers?.length ?? 0 },
});
