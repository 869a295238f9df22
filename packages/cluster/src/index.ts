export { startCluster } from "./server/cluster.ts";
export type { Cluster, ClusterOptions } from "./server/cluster.ts";
export { keepYoungHeapSmall } from "./server/young-heap.ts";
export { simulatedNodesMax } from "./simulated-nodes/index.ts";
export type { HostService } from "./kubelet/index.ts";
export type { KubeObject } from "./object/kube-object.ts";
export { findOciTools } from "./kubelet/runtime/oci/oci-tools.ts";
export type { OciTools } from "./kubelet/runtime/oci/oci-tools.ts";
