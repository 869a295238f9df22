import type { ReplicaSet } from "../../schema/data/types/apps-v1.ts";
import { containerCells, selectorText } from "../cells/text.ts";
import { defineKind } from "../define-kind.ts";
import { setTemplateDefaults } from "../pod-spec/defaults.ts";
import {
  validateReplicaSet,
  validateReplicaSetStatus,
  validateReplicaSetUpdate,
} from "../workload/validate-deployment.ts";
import { workloadWarnings } from "../warnings/template-warnings.ts";

export const replicaSet = defineKind<ReplicaSet>({
  group: "apps",
  version: "v1",
  kind: "ReplicaSet",
  plural: "replicasets",
  shortNames: ["rs"],
  categories: ["all"],
  hasStatus: true,
  scale: { specReplicas: ".spec.replicas", statusReplicas: ".status.replicas", selector: ".spec.selector" },
  generationOf: ["spec"],
  setDefaults: ({ spec }) => {
    spec.replicas ??= 1;
    setTemplateDefaults(spec.template);
  },
  validate: validateReplicaSet,
  validateUpdate: validateReplicaSetUpdate,
  validateStatusUpdate: validateReplicaSetStatus,
  warnings: workloadWarnings,
  cells: {
    ...containerCells,
    Desired: ({ spec }) => spec.replicas ?? 0,
    Current: ({ status }) => status.replicas,
    Ready: ({ status }) => status.readyReplicas ?? 0,
    Selector: ({ spec }) => selectorText(spec.selector),
  },
});
