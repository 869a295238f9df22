import type { KubeObject } from "../../object/kube-object.ts";
import type { Condition } from "../../model/condition.ts";
import type { LabelSelector } from "../../model/selector.ts";

export interface Autoscaler extends KubeObject {
  spec: {
    readonly scaleTargetRef: { readonly apiVersion?: string; readonly kind: string; readonly name: string };
    readonly minReplicas?: number;
    readonly maxReplicas: number;
    readonly metrics?: readonly MetricSpec[];
    readonly behavior?: { readonly scaleUp?: ScalingRules; readonly scaleDown?: ScalingRules };
  };
  status?: AutoscalerStatus;
}

export interface MetricTarget {
  readonly type?: string;
  readonly averageUtilization?: number;
  readonly averageValue?: string;
  readonly value?: string;
}

interface MetricName {
  readonly name: string;
  readonly selector?: LabelSelector;
}

export interface MetricSpec {
  readonly type: string;
  readonly resource?: { readonly name: string; readonly target: MetricTarget };
  readonly containerResource?: { readonly name: string; readonly container: string; readonly target: MetricTarget };
  readonly pods?: { readonly metric: MetricName; readonly target: MetricTarget };
  readonly object?: {
    readonly metric: MetricName;
    readonly target: MetricTarget;
    readonly describedObject: { readonly kind: string; readonly name: string; readonly apiVersion?: string };
  };
  readonly external?: { readonly metric: MetricName; readonly target: MetricTarget };
}

export interface ScalingRules {
  readonly stabilizationWindowSeconds?: number;
  readonly selectPolicy?: "Max" | "Min" | "Disabled";
  readonly policies?: readonly {
    readonly type: "Pods" | "Percent";
    readonly value: number;
    readonly periodSeconds: number;
  }[];
  readonly tolerance?: string;
}

export interface AutoscalerStatus {
  readonly observedGeneration?: number;
  readonly lastScaleTime?: string;
  readonly currentReplicas?: number;
  readonly desiredReplicas: number;
  readonly currentMetrics?: readonly unknown[] | null;
  readonly conditions?: readonly Condition[];
}

export interface Scale extends KubeObject {
  spec?: { readonly replicas?: number };
  status?: { readonly replicas?: number; readonly selector?: string };
}
