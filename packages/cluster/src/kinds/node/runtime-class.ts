import type { RuntimeClass } from "../../schema/data/types/node-v1.ts";
import { defineKind } from "../define-kind.ts";

export const runtimeClass = defineKind<RuntimeClass>({
  group: "node.k8s.io",
  version: "v1",
  kind: "RuntimeClass",
  plural: "runtimeclasses",
  namespaced: false,
  cells: { Handler: ({ handler }) => handler },
  createsOnUpdate: true,
});
