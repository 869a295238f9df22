import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cgroupName } from "./cluster-state.ts";
import { certificateFolder, componentKubeconfig, podRange } from "./components.ts";
import type { Component } from "./components.ts";
import { nodeName } from "./credentials.ts";
import { nodeFolder } from "./node-namespace.ts";

export interface NodeOptions {
  readonly folder: string;
  readonly id: string;
  readonly kubernetes: string;
  readonly address: string;
  /** Where Debian (or the system) keeps the CNI plugins. */
  readonly cniPlugins: string;
}

/** The same in every cluster, because pods are told it. */
export const clusterDnsAddress = "10.96.0.10";
export const sandboxImage = "registry.k8s.io/pause:3.10.1";
export const containerdSocket = "/run/containerd/containerd.sock";

export function containerdFolder(folder: string): string {
  return join(folder, "containerd");
}

export function containerd(options: NodeOptions): Component {
  const file = join(nodeFolder(options.folder), "containerd.toml");
  writeFileSync(file, containerdConfig(containerdFolder(options.folder), options));
  writeCniConfig(options.folder);
  return { name: "containerd", command: ["containerd", "--config", file] };
}

/** The configuration of containerd 1.6; also used, without a CRI, to prepare the store of images. */
export function containerdConfig(
  root: string,
  options: { readonly folder: string; readonly cniPlugins: string },
): string {
  const cri = 'plugins."io.containerd.grpc.v1.cri"';
  return `version = 2
root = "${root}"
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
    conf_dir = "${join(nodeFolder(options.folder), "cni")}"
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

function writeCniConfig(folder: string): void {
  const where = join(nodeFolder(folder), "cni");
  mkdirSync(where, { recursive: true });
  const config = {
    cniVersion: "1.0.0",
    name: "oracle",
    plugins: [
      {
        type: "bridge",
        bridge: "cni0",
        isGateway: true,
        ipMasq: true,
        hairpinMode: true,
        ipam: { type: "host-local", ranges: [[{ subnet: podRange }]], routes: [{ dst: "0.0.0.0/0" }] },
      },
      { type: "portmap", capabilities: { portMappings: true }, snat: true },
    ],
  };
  writeFileSync(join(where, "10-oracle.conflist"), JSON.stringify(config, null, 2));
}

export function kubelet(options: NodeOptions): Component {
  const node = nodeFolder(options.folder);
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
    cgroupRoot: `/${cgroupName(options.id)}`,
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
    name: "kubelet",
    command: [
      options.kubernetes,
      "kubelet",
      `--config=${file}`,
      `--kubeconfig=${componentKubeconfig(options.folder, "kubelet")}`,
      `--hostname-override=${nodeName}`,
      `--node-ip=${options.address}`,
    ],
  };
}

export function proxy(options: NodeOptions): Component {
  const file = join(nodeFolder(options.folder), "kube-proxy.json");
  const config = {
    apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
    kind: "KubeProxyConfiguration",
    mode: "iptables",
    clusterCIDR: podRange,
    hostnameOverride: nodeName,
    clientConnection: { kubeconfig: componentKubeconfig(options.folder, "kube-proxy") },
    conntrack: { maxPerCore: 0, min: 0, tcpCloseWaitTimeout: "0s", tcpEstablishedTimeout: "0s" },
    iptables: { minSyncPeriod: "100ms" },
  };
  writeFileSync(file, JSON.stringify(config, null, 2));
  return { name: "kube-proxy", command: [options.kubernetes, "kube-proxy", `--config=${file}`] };
}
