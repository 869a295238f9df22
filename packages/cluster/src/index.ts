export { startCluster } from "./server/cluster.ts";
export type { Cluster, ClusterOptions } from "./server/cluster.ts";
export type { HostService } from "./kubelet/index.ts";
export type { KubeObject } from "./object/kube-object.ts";
