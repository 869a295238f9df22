import type { KubeObject } from "../object/kube-object.ts";
import type { Condition } from "./condition.ts";
import type { ResourceAmounts } from "./pod.ts";

export interface Node extends KubeObject {
  spec?: {
    readonly unschedulable?: boolean;
    readonly taints?: readonly Taint[];
    readonly podCIDR?: string;
    readonly providerID?: string;
    readonly [field: string]: unknown;
  };
  status?: {
    readonly allocatable?: ResourceAmounts;
    readonly capacity?: ResourceAmounts;
    readonly conditions?: readonly Condition[];
    readonly addresses?: readonly { readonly type: string; readonly address: string }[];
    readonly images?: readonly { readonly names?: readonly string[]; readonly sizeBytes?: number }[];
    readonly [field: string]: unknown;
  };
}

export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
  readonly timeAdded?: string;
}

export function taintsOf(node: Node): readonly Taint[] {
  return node.spec?.taints ?? [];
}
