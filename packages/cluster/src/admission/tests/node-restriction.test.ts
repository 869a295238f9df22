import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { inProcessServer, namespace, pod, type Asker, type InProcessServer } from "./in-process-server.ts";

let server: InProcessServer;
let node: Asker;
before(async () => {
  server = await inProcessServer();
  // What roles would allow is no matter here.
  node = server.as({ name: "system:node:n", groups: ["system:nodes", "system:masters", "system:authenticated"] });
  await server.admin.create("/api/v1/nodes", { metadata: { name: "other" } });
});
after(() => server.close());

describe("a node", () => {
  test("makes and changes itself, without labels that would draw pods to it", async () => {
    const made = await node.create("/api/v1/nodes", {
      metadata: { name: "n", labels: { "kubernetes.io/os": "linux" } },
    });
    assert.equal(made.status, 201, made.message);
    const other = await node.patch("/api/v1/nodes/other", { metadata: { labels: { a: "b" } } });
    assert.equal(other.message, 'nodes "other" is forbidden: node "n" is not allowed to modify node "other"');
    const labels = { "node-restriction.kubernetes.io/team": "gold" };
    const label = await node.patch("/api/v1/nodes/n", { metadata: { labels } });
    assert.equal(
      label.message,
      'nodes "n" is forbidden: is not allowed to modify labels: node-restriction.kubernetes.io/team',
    );
    const taints = await node.patch("/api/v1/nodes/n", { spec: { taints: [] } });
    assert.equal(taints.message, 'nodes "n" is forbidden: node "n" is not allowed to modify taints');
  });

  test("speaks for its own pods only", async () => {
    const made = await node.create(`${namespace}/pods`, pod("plain"));
    assert.match(made.message, /pod does not have "kubernetes\.io\/config\.mirror" annotation/);
    await server.admin.create(`${namespace}/pods`, pod("here", { nodeName: "n" }));
    await server.admin.create(`${namespace}/pods`, pod("there", { nodeName: "other" }));
    const status = { status: { phase: "Running" } };
    assert.equal((await node.patch(`${namespace}/pods/here/status`, status)).status, 200);
    assert.match(
      (await node.patch(`${namespace}/pods/there/status`, status)).message,
      /node "n" can only update pod status for pods with spec\.nodeName set to itself$/,
    );
    const removed = await node.remove(`${namespace}/pods/there`);
    assert.match(removed.message, /node "n" can only delete pods with spec\.nodeName set to itself$/);
  });

  test("gets tokens for the accounts of its own pods only", async () => {
    const { object } = await server.admin.get(`${namespace}/pods/here`);
    const { uid } = object.metadata;
    const path = `${namespace}/serviceaccounts/default/token`;
    const bound = { apiVersion: "v1", kind: "Pod", name: "here", uid };
    assert.equal((await node.create(path, { spec: { boundObjectRef: bound } })).status, 201);
    const loose = await node.create(path, { spec: {} });
    assert.match(loose.message, /node requested token not bound to a pod$/);
    const there = await server.admin.get(`${namespace}/pods/there`);
    const foreign = { ...bound, name: "there", uid: there.object.metadata.uid };
    assert.match(
      (await node.create(path, { spec: { boundObjectRef: foreign } })).message,
      /node requested token bound to a pod scheduled on a different node$/,
    );
  });
});
