import type { ReplicationController } from "../../schema/data/types/core-v1.ts";
import { containerCells, labelsText } from "../cells/text.ts";
import { defineKind } from "../define-kind.ts";
import { setTemplateDefaults } from "../pod-spec/defaults.ts";
import { validateReplicaSetStatus } from "../workload/validate-deployment.ts";
import { validateReplicationController } from "../workload/validate-replication-controller.ts";
import { workloadWarnings } from "../warnings/template-warnings.ts";

export const replicationController = defineKind<ReplicationController>({
  group: "",
  version: "v1",
  kind: "ReplicationController",
  plural: "replicationcontrollers",
  shortNames: ["rc"],
  categories: ["all"],
  hasStatus: true,
  scale: { specReplicas: ".spec.replicas", statusReplicas: ".status.replicas", selector: ".spec.selector" },
  generationOf: ["spec"],
  setDefaults: (controller) => {
    const { spec, metadata } = controller;
    spec.replicas ??= 1;
    setTemplateDefaults(spec.template);
    const labels = spec.template?.metadata.labels;
    if (labels) {
      spec.selector ??= { ...labels };
      metadata.labels ??= { ...labels };
    }
  },
  selectableFields: { "status.replicas": ({ status }) => String(status.replicas ?? 0) },
  validate: validateReplicationController,
  validateStatusUpdate: validateReplicaSetStatus,
  warnings: workloadWarnings,
  cells: {
    ...containerCells,
    Desired: ({ spec }) => spec.replicas ?? 0,
    Current: ({ status }) => status.replicas,
    Ready: ({ status }) => status.readyReplicas ?? 0,
    Selector: ({ spec }) => labelsText(spec.selector),
  },
});
