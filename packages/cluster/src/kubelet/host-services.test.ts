import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { findOciTools } from "./runtime/oci/oci-tools.ts";
import { whyNoShellImage } from "./testing/shell-image.ts";
import { createPod, nodeMount, nodeVolume, readLog, startTestNode, waitForPod } from "./testing/test-node.ts";

const noImage = whyNoShellImage();
const tools = findOciTools();
const skips = {
  process: noImage,
  oci: noImage !== false ? noImage : "missing" in tools ? tools.missing : false,
} as const;

/** A program beside the cluster, which greets whoever comes. */
async function startProgram(t: TestContext): Promise<{ address: string; port: number }> {
  const server = createServer((socket) => socket.end("hello from the machine"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const address = server.address();
  assert(typeof address === "object" && address !== null);
  return { address: "127.0.0.1", port: address.port };
}

function service(name: string, selector: object): object {
  const spec = { ...selector, ports: [{ port: 5432, targetPort: 5432 }] };
  return { apiVersion: "v1", kind: "Service", metadata: { name }, spec };
}

/** Prints what a server says, or why it can't be reached. */
const ask = (name: string): string => `
  const socket = require("node:net").connect({ host: ${JSON.stringify(name)}, port: 5432 });
  socket.on("data", (data) => console.log(String(data)));
  socket.on("error", ({ code }) => console.log(code));`;

async function greeting(host: string): Promise<string> {
  const socket = connect({ host, port: 5432 });
  // Before the rules are there it may lead elsewhere.
  socket.setTimeout(5000, () => socket.destroy(new Error("nobody answers")));
  socket.setEncoding("utf8");
  let text = "";
  for await (const piece of socket) text += String(piece);
  return text;
}

for (const runtime of ["process", "oci"] as const) {
  test(
    `a service leads to a program of the machine, with the ${runtime} runtime`,
    { skip: skips[runtime] },
    async (t) => {
      const target = await startProgram(t);
      const place = { namespace: "default", port: 5432, target };
      const hostServices = ["taken", "database"].map((name) => ({ ...place, name }));
      const node = await startTestNode(t, runtime, { hostServices });
      const path = "/api/v1/namespaces/default/services";
      const addresses = new Map<string, string>();
      // One that selects pods is theirs, though they are not there. When the last one leads somewhere, so do all.
      for (const body of [service("taken", { selector: { app: "none" } }), service("database", {})]) {
        const answer = await node.client.request({ method: "POST", path, body });
        const made = answer.body as { metadata: { name: string }; spec: { clusterIP: string } };
        assert.equal(answer.status, 201);
        addresses.set(made.metadata.name, made.spec.clusterIP);
      }
      const reached = node.kubelet.reach(addresses.get("database") ?? "");
      const deadline = performance.now() + 120_000;
      let said = "";
      while (said === "" && performance.now() < deadline) {
        said = await greeting(reached).catch(() => "");
        if (said === "") await delay(20);
      }
      assert.equal(said, "hello from the machine");
      for (const [pod, host] of [
        ["by-name", "database.default"],
        ["refused", "taken"],
      ] as const) {
        await createPod(node.client, pod, {
          restartPolicy: "Never",
          container: { command: ["/bin/node", "-e", ask(host)], volumeMounts: [nodeMount] },
          volumes: [nodeVolume],
        });
        await waitForPod(node.client, pod, ({ phase }) => phase === "Succeeded");
      }
      assert.equal(await readLog(node, "by-name"), "hello from the machine\n");
      assert.equal(await readLog(node, "refused"), "ECONNREFUSED\n");
    },
  );
}
