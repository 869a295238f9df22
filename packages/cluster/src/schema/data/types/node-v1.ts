import type { ObjectMeta } from "../../../object/kube-object.ts";
import type { Toleration } from "./core-v1.ts";

export interface Overhead {
  podFixed?: Record<string, string>;
}

export interface RuntimeClass {
  kind?: string;
  apiVersion?: string;
  metadata: ObjectMeta;
  handler: string;
  overhead?: Overhead;
  scheduling?: Scheduling;
}

export interface Scheduling {
  nodeSelector?: Record<string, string>;
  tolerations?: Toleration[];
}
