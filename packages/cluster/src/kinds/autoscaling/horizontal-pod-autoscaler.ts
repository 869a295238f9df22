import type { HorizontalPodAutoscaler } from "../../schema/data/types/autoscaling-v2.ts";
import { metricsText } from "../cells/metrics-text.ts";
import { defineKind } from "../define-kind.ts";
import { setAutoscalerDefaults } from "../autoscaler/defaults.ts";
import { validateAutoscaler } from "../autoscaler/validate.ts";

export const horizontalPodAutoscaler = defineKind<HorizontalPodAutoscaler>({
  group: "autoscaling",
  version: "v2",
  kind: "HorizontalPodAutoscaler",
  plural: "horizontalpodautoscalers",
  shortNames: ["hpa"],
  categories: ["all"],
  hasStatus: true,
  setDefaults: setAutoscalerDefaults,
  validate: (autoscaler) => validateAutoscaler(autoscaler),
  validateUpdate: validateAutoscaler,
  cells: {
    Reference: ({ spec }) => `${spec.scaleTargetRef.kind}/${spec.scaleTargetRef.name}`,
    Targets: ({ spec, status }) => metricsText(spec.metrics, status.currentMetrics),
    MinPods: ({ spec }) => String(spec.minReplicas ?? "<unset>"),
    MaxPods: ({ spec }) => spec.maxReplicas,
    Replicas: ({ status }) => status.currentReplicas ?? 0,
  },
});
