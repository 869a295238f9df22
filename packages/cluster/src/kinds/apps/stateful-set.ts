import type { StatefulSet } from "../../schema/data/types/apps-v1.ts";
import { containerCells } from "../cells/text.ts";
import { defineKind } from "../define-kind.ts";
import { setTemplateDefaults } from "../pod-spec/defaults.ts";
import { labelName } from "../validation/names.ts";
import {
  validateStatefulSet,
  validateStatefulSetStatus,
  validateStatefulSetUpdate,
} from "../workload/validate-stateful-set.ts";
import { claimSizeWarnings, podWarnings } from "../warnings/pod-warnings.ts";

export const statefulSet = defineKind<StatefulSet>({
  group: "apps",
  version: "v1",
  kind: "StatefulSet",
  plural: "statefulsets",
  shortNames: ["sts"],
  categories: ["all"],
  hasStatus: true,
  scale: { specReplicas: ".spec.replicas", statusReplicas: ".status.replicas", selector: ".spec.selector" },
  generationOf: ["spec"],
  setDefaults: ({ spec }) => {
    spec.podManagementPolicy ??= "OrderedReady";
    const { updateStrategy } = spec;
    if (updateStrategy.type === undefined) {
      updateStrategy.type = "RollingUpdate";
      updateStrategy.rollingUpdate ??= {};
    }
    if (updateStrategy.type === "RollingUpdate" && updateStrategy.rollingUpdate)
      updateStrategy.rollingUpdate.partition ??= 0;
    spec.persistentVolumeClaimRetentionPolicy ??= {};
    spec.persistentVolumeClaimRetentionPolicy.whenDeleted ??= "Retain";
    spec.persistentVolumeClaimRetentionPolicy.whenScaled ??= "Retain";
    spec.replicas ??= 1;
    spec.revisionHistoryLimit ??= 10;
    setTemplateDefaults(spec.template);
    for (const claim of spec.volumeClaimTemplates ?? []) {
      claim.kind ??= "PersistentVolumeClaim";
      claim.apiVersion ??= "v1";
      claim.spec.volumeMode ??= "Filesystem";
      claim.status.phase ??= "Pending";
    }
  },
  nameRule: labelName,
  validate: validateStatefulSet,
  validateUpdate: validateStatefulSetUpdate,
  validateStatusUpdate: validateStatefulSetStatus,
  warnings: ({ metadata, spec }, current) => [
    ...(metadata.generation === current?.metadata.generation ? [] : podWarnings(spec.template, "spec.template.")),
    ...(spec.volumeClaimTemplates ?? []).flatMap((claim, index) =>
      claimSizeWarnings(claim.spec, `spec.volumeClaimTemplates[${index}]${current ? ".Spec" : ""}`),
    ),
    ...((spec.revisionHistoryLimit ?? 0) < 0
      ? ["spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended"]
      : []),
  ],
  cells: {
    ...containerCells,
    Ready: ({ spec, status }) => `${status.readyReplicas ?? 0}/${spec.replicas ?? 0}`,
  },
});
