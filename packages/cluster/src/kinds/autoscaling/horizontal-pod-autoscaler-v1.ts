import type { HorizontalPodAutoscaler } from "../../schema/data/types/autoscaling-v1.ts";
import { defineKind } from "../define-kind.ts";

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
  },
  storedAs: { group: "autoscaling", version: "v2" },
});
