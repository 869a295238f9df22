import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeCertificates } from "./certificates.ts";
import { certificateFolder, componentKubeconfig, serviceAddressOfApi } from "./components.ts";
import { formatKubeconfig } from "./kubeconfig.ts";
import type { Access } from "./kubeconfig.ts";
import { onNode } from "./node-plan.ts";

/** Who has a token: people and components alike, each with the groups that Kubernetes' own roles are bound to. */
interface TokenUser {
  readonly name: string;
  readonly user: string;
  readonly groups: readonly string[];
}

const users: readonly TokenUser[] = [
  { name: "admin", user: "admin", groups: ["system:masters"] },
  { name: "kube-controller-manager", user: "system:kube-controller-manager", groups: [] },
  { name: "kube-scheduler", user: "system:kube-scheduler", groups: [] },
  { name: "kube-proxy", user: "system:kube-proxy", groups: [] },
];

function kubeletUser(node: string): TokenUser {
  return { name: onNode("kubelet", node), user: `system:node:${node}`, groups: ["system:nodes"] };
}

export interface CredentialOptions {
  readonly address: string;
  readonly port: number;
  /** Names of the nodes that get an identity. */
  readonly nodes: readonly string[];
}

export function kubeconfigFile(folder: string): string {
  return componentKubeconfig(folder, "admin");
}

/** Writes certificates, tokens and a kubeconfig for each user; gives the administrator's access. */
export async function makeCredentials(folder: string, options: CredentialOptions): Promise<Access> {
  const { address, port } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const local = address === "127.0.0.1" ? [] : ["127.0.0.1"];
  await makeCertificates({
    folder: certificateFolder(folder),
    addresses: [address, serviceAddressOfApi, ...local],
    names: [
      "localhost",
      "kubernetes",
      "kubernetes.default",
      "kubernetes.default.svc",
      "kubernetes.default.svc.cluster.local",
    ],
  });
  const authority = readFileSync(join(certificateFolder(folder), "ca.crt"), "utf8");
  const server = `https://${address}:${port}`;
  const rows: string[] = [];
  let admin: Access = { server, authority, user: "admin", token: "" };
  for (const { name, user, groups } of [...users, ...options.nodes.map(kubeletUser)]) {
    const token = randomBytes(24).toString("hex");
    const access: Access = { server, authority, user: name, token };
    rows.push([token, user, name, `"${groups.join(",")}"`].join(","));
    writeFileSync(componentKubeconfig(folder, name), formatKubeconfig(access), { mode: 0o600 });
    if (name === "admin") admin = access;
  }
  writeFileSync(join(folder, "tokens.csv"), `${rows.join("\n")}\n`, { mode: 0o600 });
  return admin;
}
