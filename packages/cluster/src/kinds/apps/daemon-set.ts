import { equalJson } from "../../object/json-value.ts";
import type { DaemonSet } from "../../schema/data/types/apps-v1.ts";
import { containerCells, labelsText, selectorText } from "../cells/text.ts";
import { defineKind } from "../define-kind.ts";
import { setTemplateDefaults } from "../pod-spec/defaults.ts";
import {
  validateDaemonSet,
  validateDaemonSetStatus,
  validateDaemonSetUpdate,
} from "../workload/validate-daemon-set.ts";
import { daemonWarnings } from "../warnings/template-warnings.ts";

/** The field of earlier versions, which lives on as an annotation. */
const TEMPLATE_GENERATION = "deprecated.daemonset.template.generation";

export const daemonSet = defineKind<DaemonSet>({
  group: "apps",
  version: "v1",
  kind: "DaemonSet",
  plural: "daemonsets",
  shortNames: ["ds"],
  categories: ["all"],
  hasStatus: true,
  generationOf: ["spec"],
  setDefaults: ({ metadata, spec }) => {
    metadata.annotations = { [TEMPLATE_GENERATION]: "0", ...metadata.annotations };
    const { updateStrategy } = spec;
    updateStrategy.type ??= "RollingUpdate";
    if (updateStrategy.type === "RollingUpdate") {
      updateStrategy.rollingUpdate ??= {};
      updateStrategy.rollingUpdate.maxUnavailable ??= 1;
      updateStrategy.rollingUpdate.maxSurge ??= 0;
    }
    spec.revisionHistoryLimit ??= 10;
    setTemplateDefaults(spec.template);
  },
  prepareForCreate: (set) => setTemplateGeneration(set, 1),
  prepareForUpdate: (next, current) => {
    const known = Number(current.metadata.annotations?.[TEMPLATE_GENERATION] ?? 0);
    const isChanged =
      !equalJson(next.spec.template, current.spec.template) ||
      !equalJson(next.spec.updateStrategy, current.spec.updateStrategy);
    setTemplateGeneration(next, isChanged ? known + 1 : known);
  },
  validate: validateDaemonSet,
  validateUpdate: validateDaemonSetUpdate,
  validateStatusUpdate: validateDaemonSetStatus,
  warnings: daemonWarnings,
  cells: {
    ...containerCells,
    Desired: ({ status }) => status.desiredNumberScheduled,
    Current: ({ status }) => status.currentNumberScheduled,
    Ready: ({ status }) => status.numberReady,
    "Up-to-date": ({ status }) => status.updatedNumberScheduled ?? 0,
    Available: ({ status }) => status.numberAvailable ?? 0,
    "Node Selector": ({ spec }) => labelsText(spec.template.spec.nodeSelector),
    Selector: ({ spec }) => selectorText(spec.selector),
  },
});

function setTemplateGeneration({ metadata }: DaemonSet, generation: number): void {
  metadata.annotations = { ...metadata.annotations, [TEMPLATE_GENERATION]: String(generation) };
}
