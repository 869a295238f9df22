import type { Node } from "../../schema/data/types/core-v1.ts";
import { nodeCells } from "../cells/node-cells.ts";
import { defineKind } from "../define-kind.ts";
import { validateNode, validateNodeChange, validateNodeUpdate } from "../machine/validate.ts";

export const node = defineKind<Node>({
  group: "",
  version: "v1",
  kind: "Node",
  plural: "nodes",
  shortNames: ["no"],
  namespaced: false,
  hasStatus: true,
  subresources: [{ name: "proxy", kind: "NodeProxyOptions", verbs: ["create", "delete", "get", "patch", "update"] }],
  setDefaults: ({ status }) => {
    if (status.capacity) status.allocatable ??= { ...status.capacity };
  },
  selectableFields: { "spec.unschedulable": ({ spec }) => String(spec.unschedulable ?? false) },
  validate: validateNode,
  validateUpdate: validateNodeUpdate,
  validateStatusUpdate: validateNodeChange,
  warnings: ({ spec }) => [
    ...(spec.configSource ? ["spec.configSource: the feature is removed"] : []),
    ...(spec.externalID ? ["spec.externalID: this field is deprecated, and is unused by Kubernetes"] : []),
  ],
  prepareForCreate: ({ spec }) => {
    delete spec.configSource;
  },
  prepareForUpdate: (next, current) => {
    if (!current.spec.configSource) delete next.spec.configSource;
  },
  cells: nodeCells,
});
