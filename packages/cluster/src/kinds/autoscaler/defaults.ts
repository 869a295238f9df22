import type { HPAScalingRules, HorizontalPodAutoscaler } from "../../schema/data/types/autoscaling-v2.ts";

const CPU_PERCENT = 80;

export function setAutoscalerDefaults({ spec }: HorizontalPodAutoscaler): void {
  spec.minReplicas ??= 1;
  spec.metrics ??= [
    {
      type: "Resource",
      resource: { name: "cpu", target: { type: "Utilization", averageUtilization: CPU_PERCENT } },
    },
  ];
  if (!spec.behavior) return;
  spec.behavior.scaleUp = { ...scaleUpRules(), ...spec.behavior.scaleUp };
  spec.behavior.scaleDown = { ...scaleDownRules(), ...spec.behavior.scaleDown };
}

/** Doubled or four more every 15 seconds, whichever is more. */
function scaleUpRules(): HPAScalingRules {
  return {
    stabilizationWindowSeconds: 0,
    selectPolicy: "Max",
    policies: [
      { type: "Pods", value: 4, periodSeconds: 15 },
      { type: "Percent", value: 100, periodSeconds: 15 },
    ],
  };
}

function scaleDownRules(): HPAScalingRules {
  return { selectPolicy: "Max", policies: [{ type: "Percent", value: 100, periodSeconds: 15 }] };
}
