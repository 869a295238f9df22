import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nodeCgroup } from "./cluster-state.ts";
import { certificateFolder, componentKubeconfig, podRange } from "./components.ts";
import type { Component } from "./components.ts";
import { nodeFolder, onNode } from "./node-plan.ts";
import type { NodePlan } from "./node-plan.ts";

export interface NodeOptions {
  readonly folder: string;
  readonly id: string;
  readonly kubernetes: string;
  readonly plan: NodePlan;
  /** Where Debian (or the system) keeps the CNI plugins. */
  readonly cniPlugins: string;
}

/** The same in every cluster, because pods are told it. */
export const clusterDnsAddress = "10.96.0.10";
export const sandboxImage = "registry.k8s.io/pause:3.10.1";
export const containerdSocket = "/run/containerd/containerd.sock";

export function containerdFolder(folder: string, node: string): string {
  return join(nodeFolder(folder, node), "containerd");
}

export function containerd(options: NodeOptions): Component {
  const file = join(nodeFolder(options.folder, options.plan.name), "containerd.toml");
  writeFileSync(file, containerdConfig(options));
  writeCniConfig(options);
  return { name: onNode("containerd", options.plan.name), command: ["containerd", "--config", file] };
}

/** The configuration of containerd 1.6. */
function containerdConfig(options: NodeOptions): string {
  const cri = 'plugins."io.containerd.grpc.v1.cri"';
  return `version = 2
root = "${containerdFolder(options.folder, options.plan.name)}"
state = "/run/containerd"
disabled_plugins = ["io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs", "io.containerd.internal.v1.tracing"]
[grpc]
  address = "${containerdSocket}"
[${cri}]
  sandbox_image = "${sandboxImage}"
  restrict_oom_score_adj = true
  disable_apparmor = true
  [${cri}.cni]
    bin_dir = "${options.cniPlugins}"
    conf_dir = "${join(nodeFolder(options.folder, options.plan.name), "cni")}"
  [${cri}.containerd]
    snapshotter = "overlayfs"
    default_runtime_name = "runc"
    [${cri}.containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [${cri}.containerd.runtimes.runc.options]
        SystemdCgroup = false
    [${cri}.containerd.runtimes.test-handler]
      runtime_type = "io.containerd.runc.v2"
`;
}

/** Pods of other nodes are reached by a route, so addresses needn't be hidden, and must not be. */
function writeCniConfig({ folder, plan }: NodeOptions): void {
  const where = join(nodeFolder(folder, plan.name), "cni");
  mkdirSync(where, { recursive: true });
  const config = {
    cniVersion: "1.0.0",
    name: "oracle",
    plugins: [
      {
        type: "bridge",
        bridge: "cni0",
        isGateway: true,
        ipMasq: false,
        hairpinMode: true,
        ipam: { type: "host-local", ranges: [[{ subnet: plan.podRange }]], routes: [{ dst: "0.0.0.0/0" }] },
      },
      { type: "portmap", capabilities: { portMappings: true }, snat: true },
    ],
  };
  writeFileSync(join(where, "10-oracle.conflist"), JSON.stringify(config, null, 2));
}

export function kubelet(options: NodeOptions): Component {
  const node = nodeFolder(options.folder, options.plan.name);
  writeFileSync(join(node, "resolv.conf"), "");
  const config = {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: join(certificateFolder(options.folder), "ca.crt") },
    },
    authorization: { mode: "Webhook" },
    cgroupDriver: "cgroupfs",
    cgroupRoot: `/${nodeCgroup(options.id, options.plan.name)}`,
    failCgroupV1: false,
    failSwapOn: false,
    evictionHard: {},
    imageGCHighThresholdPercent: 100,
    clusterDNS: [clusterDnsAddress],
    clusterDomain: "cluster.local",
    resolvConf: join(node, "resolv.conf"),
    containerRuntimeEndpoint: `unix://${containerdSocket}`,
    serializeImagePulls: false,
    maxPods: 250,
    syncFrequency: "10s",
    nodeStatusUpdateFrequency: "5s",
  };
  const file = join(node, "kubelet.json");
  writeFileSync(file, JSON.stringify(config, null, 2));
  return {
    name: onNode("kubelet", options.plan.name),
    command: [
      options.kubernetes,
      "kubelet",
      `--config=${file}`,
      `--kubeconfig=${componentKubeconfig(options.folder, onNode("kubelet", options.plan.name))}`,
      `--hostname-override=${options.plan.name}`,
      `--node-ip=${options.plan.address}`,
    ],
  };
}

export function proxy(options: NodeOptions): Component {
  const file = join(nodeFolder(options.folder, options.plan.name), "kube-proxy.json");
  const config = {
    apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
    kind: "KubeProxyConfiguration",
    mode: "iptables",
    clusterCIDR: podRange,
    hostnameOverride: options.plan.name,
    clientConnection: { kubeconfig: componentKubeconfig(options.folder, "kube-proxy") },
    conntrack: { maxPerCore: 0, min: 0, tcpCloseWaitTimeout: "0s", tcpEstablishedTimeout: "0s" },
    iptables: { minSyncPeriod: "100ms" },
  };
  writeFileSync(file, JSON.stringify(config, null, 2));
  return {
    name: onNode("kube-proxy", options.plan.name),
    command: [options.kubernetes, "kube-proxy", `--config=${file}`],
  };
}
