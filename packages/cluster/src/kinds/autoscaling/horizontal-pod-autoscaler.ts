import type { HorizontalPodAutoscaler } from "../../schema/data/types/autoscaling-v2.ts";
import { defineKind } from "../define-kind.ts";
import { setAutoscalerDefaults } from "../autoscaler/defaults.ts";

export const horizontalPodAutoscaler = defineKind<HorizontalPodAutoscaler>({
  group: "autoscaling",
  version: "v2",
  kind: "HorizontalPodAutoscaler",
  plural: "horizontalpodautoscalers",
  shortNames: ["hpa"],
  categories: ["all"],
  hasStatus: true,
  setDefaults: setAutoscalerDefaults,
});
