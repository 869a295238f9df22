import type { KubeObject } from "../../object/kube-object.ts";

/** Says who answers for a group and version: this server, or one behind a service. */
export interface ApiService extends KubeObject {
  spec: {
    readonly group?: string;
    readonly version?: string;
    readonly groupPriorityMinimum: number;
    readonly versionPriority: number;
    readonly service?: { readonly namespace?: string; readonly name?: string; readonly port?: number } | null;
    readonly insecureSkipTLSVerify?: boolean;
    readonly caBundle?: string;
  };
  status?: { readonly conditions?: readonly Condition[] };
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}
