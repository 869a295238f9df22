import type { ObjectMeta } from "../../../object/kube-object.ts";

export interface PriorityClass {
  kind?: string;
  apiVersion?: string;
  metadata: ObjectMeta;
  value: number;
  globalDefault?: boolean;
  description?: string;
  preemptionPolicy?: string;
}
