/**
 * The node of a cluster. It knows the API server by a `KubeClient` alone, so that it is composed the same way with ours in one process as with
 * another one over HTTPS:
 *
 *     const kubelet = await startKubelet(client, { nodeName: "fairway", folder: "data/node", runtime: "process", log });
 *
 * `client` may do what `system:masters` may. An API server in the same process mounts `kubelet.streams` as the subresources log, exec, attach and
 * portforward of pods: `streams.logs(target, logOptions(query, now), signal)` yields a log's lines, the others take the request to change the
 * protocol as Node.js hands it over, and answer on its socket. What can't be done is a `KubeletError` thrown before the first byte, with the code
 * `not-found` or `bad-request` and the kubelet's words. metrics.k8s.io is made of `kubelet.podMetrics()` and `kubelet.nodeMetrics()`.
 *
 * For callers outside the process `server: { port, certificate, key, clientCa }` opens the kubelet's HTTPS endpoint (`kubelet.port`, also
 * written into the node's status). Who shows a certificate of `clientCa` or a bearer token is known by TokenReview and let in by
 * SubjectAccessReview on `nodes/log`, `nodes/proxy`, `nodes/metrics` or `nodes/stats`; the group `system:masters` always is.
 *
 * `close()` ends all containers; `close({ keep: true })`, like a crash, leaves them running, and the next start with the same folder takes them up.
 */
export { startKubelet } from "./kubelet.ts";
export type { Kubelet, KubeletOptions } from "./kubelet.ts";
export type { HostService } from "../network/services/host-services.ts";
export type { PodStreams, ContainerTarget, Upgrade } from "./streams/pod-streams.ts";
export type { StreamWish } from "./streams/spdy-command.ts";
export { logOptions } from "./streams/log-query.ts";
export { KubeletError } from "./kubelet-error.ts";
export type { ContainerUsage, PodUsage, UsageSource } from "./stats/usage-report.ts";
export type { NodeMetrics, PodMetrics } from "./stats/metrics-api.ts";
