import type { HorizontalPodAutoscaler } from "../../schema/data/types/autoscaling-v1.ts";
import { defineKind } from "../define-kind.ts";
import { validateAutoscaler } from "../autoscaler/validate.ts";

export const horizontalPodAutoscalerV1 = defineKind<HorizontalPodAutoscaler>({
  group: "autoscaling",
  version: "v1",
  kind: "HorizontalPodAutoscaler",
  plural: "horizontalpodautoscalers",
  shortNames: ["hpa"],
  categories: ["all"],
  hasStatus: true,
  setDefaults: ({ spec }) => {
    spec.minReplicas ??= 1;
    spec.targetCPUUtilizationPercentage ??= 80;
  },
  storedAs: { group: "autoscaling", version: "v2" },
  validate: (autoscaler) => validateAutoscaler(asStored(autoscaler)),
  validateUpdate: (next, current) => validateAutoscaler(asStored(next), asStored(current)),
  cells: {
    Reference: ({ spec }) => `${spec.scaleTargetRef.kind}/${spec.scaleTargetRef.name}`,
    Targets: ({ spec, status }) => {
      const seen = status.currentCPUUtilizationPercentage;
      return `cpu: ${seen === undefined ? "<unknown>" : `${seen}%`}/${spec.targetCPUUtilizationPercentage}%`;
    },
    MinPods: ({ spec }) => String(spec.minReplicas ?? "<unset>"),
    MaxPods: ({ spec }) => spec.maxReplicas,
    Replicas: ({ status }) => status.currentReplicas,
  },
});

function asStored({ spec }: HorizontalPodAutoscaler): Parameters<typeof validateAutoscaler>[0] {
  const { targetCPUUtilizationPercentage: share, ...rest } = spec;
  if (share === undefined) return { spec: rest };
  const target = { type: "Utilization", averageUtilization: share };
  return { spec: { ...rest, metrics: [{ type: "Resource", resource: { name: "cpu", target } }] } };
}
