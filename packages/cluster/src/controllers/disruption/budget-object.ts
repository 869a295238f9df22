import type { KubeObject } from "../../object/kube-object.ts";
import type { Condition } from "../../model/condition.ts";
import type { LabelSelector } from "../../model/selector.ts";

export interface DisruptionBudget extends KubeObject {
  spec: {
    readonly selector?: LabelSelector;
    readonly minAvailable?: number | string;
    readonly maxUnavailable?: number | string;
  };
  status?: BudgetStatus;
}

export interface BudgetStatus {
  readonly currentHealthy: number;
  readonly desiredHealthy: number;
  readonly expectedPods: number;
  readonly disruptionsAllowed: number;
  readonly disruptedPods?: Readonly<Record<string, string>>;
  readonly observedGeneration?: number;
  readonly conditions?: readonly Condition[];
}
