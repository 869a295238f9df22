export { createHttpsClient } from "./https-client.ts";
export type { HttpsClient, HttpsClientOptions } from "./https-client.ts";
export type { KubeAnswer, KubeClient, KubeRequest, KubeWatchEvent } from "./kube-client.ts";
