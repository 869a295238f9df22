export { createHttpsClient } from "./https-client.ts";
export type { HttpsClient, HttpsClientOptions, WebSocketRequest } from "./https-client.ts";
export type {
  KubeAnswer,
  KubeClient,
  KubeRequest,
  KubeStreamAnswer,
  KubeWatchEvent,
  StreamingKubeClient,
} from "./kube-client.ts";
export { KubeError, requireSuccess } from "./kube-error.ts";
export type { KubeErrorCode } from "./kube-error.ts";
export type { Credentials, CredentialSource } from "./transport.ts";
export { loadKubeconfig } from "./kubeconfig/load-kubeconfig.ts";
export type { ClusterAccess, LoadKubeconfigOptions } from "./kubeconfig/load-kubeconfig.ts";
export { applyObjects } from "./apply/apply-objects.ts";
export type { ApplyOptions } from "./apply/apply-objects.ts";
export type { ApplyOutcome, FieldConflict } from "./apply/apply-outcome.ts";
export { Discovery } from "./objects/discovery.ts";
export { nameOf } from "./objects/kube-object.ts";
export type { KubeMetadata, KubeObject } from "./objects/kube-object.ts";
export { resourcePath } from "./objects/resource-kind.ts";
export type { ResourceKind, ResourcePlace } from "./objects/resource-kind.ts";
export { listPages } from "./watch/list-pages.ts";
export type { Listed } from "./watch/list-pages.ts";
export { watchObjects } from "./watch/watch-objects.ts";
export type { ObjectChange, ObjectWatch, WatchOptions } from "./watch/watch-objects.ts";
export { readLogs } from "./logs/read-logs.ts";
export type { LogOptions } from "./logs/read-logs.ts";
export type { LogLine } from "./logs/container-log.ts";
export { deleteObjects } from "./delete/delete-objects.ts";
export type { DeleteOptions } from "./delete/delete-objects.ts";
export { pruneObjects } from "./delete/prune-objects.ts";
export type { PruneOptions } from "./delete/prune-objects.ts";
export { forwardPort } from "./forward/forward-port.ts";
export type { ForwardedPort, ForwardOptions } from "./forward/forward-port.ts";
