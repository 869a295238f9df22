import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { WebSocket } from "ws";
import { startCluster } from "../../server/cluster.ts";
import { whyNoShellImage, writeShellImage } from "../testing/shell-image.ts";
import { createPod, waitForPod } from "../testing/test-node.ts";

interface Kubeconfig {
  readonly clusters: readonly { readonly cluster: { readonly "certificate-authority-data": string } }[];
  readonly users: readonly {
    readonly user: { readonly "client-certificate-data": string; readonly "client-key-data": string };
  }[];
}

test("a log is read over a WebSocket, as bytes or as base64", { skip: whyNoShellImage() }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "fairway-log-"));
  const layout = join(folder, "images");
  writeShellImage(layout);
  const options = { folder: join(folder, "data"), port: 0, nodeName: "node", imageLayouts: [layout] };
  const cluster = await startCluster({ ...options, parts: "node", log: () => undefined });
  t.after(async () => {
    await cluster.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const account = "/api/v1/namespaces/default/serviceaccounts/default";
  while ((await cluster.client.request({ method: "GET", path: account })).status !== 200);
  await createPod(cluster.client, "talks", { script: "echo one; echo two", restartPolicy: "Never" });
  await waitForPod(cluster.client, "talks", ({ phase }) => phase === "Succeeded");
  const { clusters, users }: Kubeconfig = JSON.parse(cluster.kubeconfig);
  const plain = (text = ""): Buffer => Buffer.from(text, "base64");
  const read = async (protocols: string[]): Promise<{ protocol: string; messages: string }> => {
    const socket = new WebSocket(`${cluster.url}/api/v1/namespaces/default/pods/talks/log`, protocols, {
      ca: plain(clusters[0]?.cluster["certificate-authority-data"]),
      cert: plain(users[0]?.user["client-certificate-data"]),
      key: plain(users[0]?.user["client-key-data"]),
    });
    let messages = "";
    socket.on("message", (data) => (messages += String(data)));
    await once(socket, "close");
    return { protocol: socket.protocol, messages };
  };
  assert.deepEqual(await read([]), { protocol: "", messages: "one\ntwo\n" });
  const encoded = await read(["base64.binary.k8s.io"]);
  assert.equal(encoded.protocol, "base64.binary.k8s.io");
  assert.match(encoded.messages, new RegExp(`^${Buffer.from("one\n").toString("base64")}`, "u"));
});
