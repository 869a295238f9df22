export { startCluster } from "./server/cluster.ts";
export type { Cluster, ClusterOptions } from "./server/cluster.ts";
export { createHttpsClient } from "./client/https-client.ts";
export type { HttpsClient, HttpsClientOptions } from "./client/https-client.ts";
export type { KubeAnswer, KubeClient, KubeRequest, KubeWatchEvent } from "./client/kube-client.ts";
export type { KubeObject } from "./object/kube-object.ts";
