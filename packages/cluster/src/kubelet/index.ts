export { startKubelet } from "./kubelet.ts";
export type { Kubelet, KubeletOptions } from "./kubelet.ts";
export type { PodStreams, ContainerTarget, Upgrade } from "./streams/pod-streams.ts";
export type { StreamWish } from "./streams/spdy-command.ts";
export { logOptions } from "./streams/log-query.ts";
export type { ContainerUsage, PodUsage, UsageSource } from "./stats/usage-report.ts";
