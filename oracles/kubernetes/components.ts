import { join } from "node:path";

/** One long-running program of a cluster: its name is also its log's. */
export interface Component {
  readonly name: string;
  readonly command: readonly string[];
}

export interface ControlPlane {
  readonly folder: string;
  readonly binaries: { readonly etcd: string; readonly kubernetes: string };
  readonly bindAddress: string;
  readonly advertiseAddress: string;
  readonly etcdHost: string;
  readonly ports: { readonly api: number; readonly etcd: number; readonly etcdPeer: number };
  /** Whether etcd waits for the disk, as it does in production: for benchmarks. Tests don't need it. */
  readonly durable: boolean;
  readonly withKubelet: boolean;
}

export const serviceRange = "10.96.0.0/16";
export const serviceAddressOfApi = "10.96.0.1";
export const podRange = "10.244.0.0/16";

export function certificateFolder(folder: string): string {
  return join(folder, "certificates");
}

/** Where a component finds its kubeconfig. */
export function componentKubeconfig(folder: string, user: string): string {
  return join(folder, `${user}.kubeconfig`);
}

export function etcd(plane: ControlPlane): Component {
  const client = `http://${plane.etcdHost}:${plane.ports.etcd}`;
  const peer = `http://${plane.etcdHost}:${plane.ports.etcdPeer}`;
  return {
    name: "etcd",
    command: [
      plane.binaries.etcd,
      "--name=oracle",
      `--data-dir=${join(plane.folder, "etcd")}`,
      `--listen-client-urls=${client}`,
      `--advertise-client-urls=${client}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=oracle=${peer}`,
      "--log-level=warn",
      ...(plane.durable ? [] : ["--unsafe-no-fsync"]),
    ],
  };
}

export function apiServer(plane: ControlPlane): Component {
  const file = (name: string): string => join(certificateFolder(plane.folder), name);
  const kubelet = [
    "--kubelet-preferred-address-types=InternalIP",
    `--kubelet-client-certificate=${file("apiserver-kubelet-client.crt")}`,
    `--kubelet-client-key=${file("apiserver-kubelet-client.key")}`,
  ];
  return {
    name: "kube-apiserver",
    command: [
      plane.binaries.kubernetes,
      "kube-apiserver",
      `--etcd-servers=http://${plane.etcdHost}:${plane.ports.etcd}`,
      `--bind-address=${plane.bindAddress}`,
      `--advertise-address=${plane.advertiseAddress}`,
      `--secure-port=${plane.ports.api}`,
      `--tls-cert-file=${file("apiserver.crt")}`,
      `--tls-private-key-file=${file("apiserver.key")}`,
      `--client-ca-file=${file("ca.crt")}`,
      `--token-auth-file=${join(plane.folder, "tokens.csv")}`,
      "--authorization-mode=Node,RBAC",
      "--enable-admission-plugins=NodeRestriction",
      "--allow-privileged=true",
      `--service-cluster-ip-range=${serviceRange}`,
      "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
      `--service-account-key-file=${file("service-account.key")}`,
      `--service-account-signing-key-file=${file("service-account.key")}`,
      `--requestheader-client-ca-file=${file("front-proxy-ca.crt")}`,
      "--requestheader-allowed-names=front-proxy-client",
      "--requestheader-username-headers=X-Remote-User",
      "--requestheader-group-headers=X-Remote-Group",
      "--requestheader-extra-headers-prefix=X-Remote-Extra-",
      `--proxy-client-cert-file=${file("front-proxy-client.crt")}`,
      `--proxy-client-key-file=${file("front-proxy-client.key")}`,
      ...(plane.withKubelet ? kubelet : []),
    ],
  };
}

export function controllerManager(plane: ControlPlane): Component {
  const file = (name: string): string => join(certificateFolder(plane.folder), name);
  return {
    name: "kube-controller-manager",
    command: [
      plane.binaries.kubernetes,
      "kube-controller-manager",
      `--kubeconfig=${componentKubeconfig(plane.folder, "kube-controller-manager")}`,
      "--leader-elect=false",
      "--secure-port=0",
      "--use-service-account-credentials=true",
      `--service-account-private-key-file=${file("service-account.key")}`,
      `--root-ca-file=${file("ca.crt")}`,
      `--cluster-signing-cert-file=${file("ca.crt")}`,
      `--cluster-signing-key-file=${file("ca.key")}`,
      `--service-cluster-ip-range=${serviceRange}`,
    ],
  };
}

export function scheduler(plane: ControlPlane): Component {
  return {
    name: "kube-scheduler",
    command: [
      plane.binaries.kubernetes,
      "kube-scheduler",
      `--kubeconfig=${componentKubeconfig(plane.folder, "kube-scheduler")}`,
      "--leader-elect=false",
      "--secure-port=0",
    ],
  };
}
