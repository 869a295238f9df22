import { readFileSync } from "node:fs";
import { createHttpsClient } from "@fairway/kube-client";
import { startKubelet } from "../kubelet.ts";

// A node in a process of its own, which tests can kill. Its arguments: a kubeconfig, the node's folder, the runtime, the image layout.
const [kubeconfig = "", folder = "", runtime = "process", layout = ""] = process.argv.slice(2);
const { clusters, users } = JSON.parse(readFileSync(kubeconfig, "utf8")) as {
  clusters: { cluster: { server: string; "certificate-authority-data": string } }[];
  users: { user: { "client-certificate-data": string; "client-key-data": string } }[];
};
const plain = (text = ""): Buffer => Buffer.from(text, "base64");
const client = createHttpsClient({
  server: clusters[0]?.cluster.server ?? "",
  certificateAuthority: plain(clusters[0]?.cluster["certificate-authority-data"]),
  certificate: plain(users[0]?.user["client-certificate-data"]),
  key: plain(users[0]?.user["client-key-data"]),
});
const kubelet = await startKubelet(client, {
  nodeName: "node",
  folder,
  runtime: runtime === "oci" ? "oci" : "process",
  imageLayouts: [layout],
  offline: true,
  dnsAddress: "10.97.0.10",
  log: (line) => process.stderr.write(`${line}\n`),
});
process.stdout.write("ready\n");
// Nothing ends this process but that there is nothing left for it to wait for.
process.once("SIGHUP", () => {
  void kubelet.close({ keep: true }).then(() => client.close());
});
process.once("SIGTERM", () => {
  void kubelet.close().then(() => client.close());
});
