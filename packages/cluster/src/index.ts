export type { KubeClient, KubeAnswer, KubeRequest, KubeWatchEvent } from "./client/kube-client.ts";
export type { KubeObject } from "./object/kube-object.ts";
