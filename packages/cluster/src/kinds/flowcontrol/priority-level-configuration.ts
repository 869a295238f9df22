import type { PriorityLevelConfiguration } from "../../schema/data/types/flowcontrol-v1.ts";
import { defineKind } from "../define-kind.ts";
import { validatePriorityLevel, validatePriorityLevelStatus } from "./validate.ts";

export const priorityLevelConfiguration = defineKind<PriorityLevelConfiguration>({
  group: "flowcontrol.apiserver.k8s.io",
  version: "v1",
  kind: "PriorityLevelConfiguration",
  plural: "prioritylevelconfigurations",
  namespaced: false,
  hasStatus: true,
  generationOf: ["spec"],
  setDefaults: ({ spec }) => {
    const { exempt, limited } = spec;
    if (exempt) {
      exempt.nominalConcurrencyShares ??= 0;
      exempt.lendablePercent ??= 0;
    }
    if (!limited) return;
    limited.nominalConcurrencyShares ??= 30;
    limited.lendablePercent ??= 0;
    const { queuing } = limited.limitResponse;
    if (!queuing) return;
    queuing.handSize ||= 8;
    queuing.queues ||= 64;
    queuing.queueLengthLimit ||= 50;
  },
  updateChecks: ["new", "whole"],
  validate: validatePriorityLevel,
  validateStatusUpdate: validatePriorityLevelStatus,
  cells: {
    Type: ({ spec }) => spec.type,
    NominalConcurrencyShares: ({ spec }) => spec.limited?.nominalConcurrencyShares ?? "<none>",
    Queues: ({ spec }) => spec.limited?.limitResponse.queuing?.queues ?? "<none>",
    HandSize: ({ spec }) => spec.limited?.limitResponse.queuing?.handSize ?? "<none>",
    QueueLengthLimit: ({ spec }) => spec.limited?.limitResponse.queuing?.queueLengthLimit ?? "<none>",
  },
});
