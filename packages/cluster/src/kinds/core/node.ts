import type { Node } from "../../schema/data/types/core-v1.ts";
import { nodeCells } from "../cells/node-cells.ts";
import { defineKind } from "../define-kind.ts";
import { validateNode, validateNodeChange } from "../machine/validate.ts";

export const node = defineKind<Node>({
  group: "",
  version: "v1",
  kind: "Node",
  plural: "nodes",
  shortNames: ["no"],
  namespaced: false,
  hasStatus: true,
  takesStatus: "when new",
  subresources: [{ name: "proxy", kind: "NodeProxyOptions", verbs: ["create", "delete", "get", "patch", "update"] }],
  setDefaults: ({ spec, status }) => {
    if (status.capacity) status.allocatable ??= { ...status.capacity };
    joinPodBlocks(spec);
  },
  selectableFields: { "spec.unschedulable": ({ spec }) => String(spec.unschedulable ?? false) },
  updateChecks: ["new", "whole", "change", "rest"],
  validate: validateNode,
  validateUpdate: validateNodeChange,
  validateStatusUpdate: validateNodeChange,
  warnings: ({ spec }) => [
    ...(spec.configSource ? ["spec.configSource: the feature is removed"] : []),
    ...(spec.externalID ? ["spec.externalID: this field is deprecated, and is unused by Kubernetes"] : []),
  ],
  prepareForCreate: ({ spec, status }) => {
    delete spec.configSource;
    delete status.config;
    delete status.declaredFeatures;
  },
  prepareForUpdate: (next, current) => {
    if (!current.spec.configSource) delete next.spec.configSource;
  },
  cells: nodeCells,
});

/** The first of the blocks stands alone as well; where the two differ, the one that stands alone counts. */
function joinPodBlocks(spec: Node["spec"]): void {
  const [first] = spec.podCIDRs ?? [];
  if (spec.podCIDR && spec.podCIDR !== first) spec.podCIDRs = [spec.podCIDR];
  else if (first) spec.podCIDR = first;
}
