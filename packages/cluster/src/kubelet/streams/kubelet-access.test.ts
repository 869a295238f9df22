import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { test } from "node:test";
import type { KubeClient, KubeRequest } from "@fairway/kube-client";
import { createKubeletAccess } from "./kubelet-access.ts";

/** The two questions that the kubelet asks an API server, and their answers. */
function reviews(known: Readonly<Record<string, { readonly groups: string[]; readonly mayUse: readonly string[] }>>): {
  client: KubeClient;
  asked: KubeRequest[];
} {
  const asked: KubeRequest[] = [];
  const client: KubeClient = {
    request: async (request) => {
      asked.push(request);
      const { spec } = request.body as {
        spec: { token?: string; user?: string; resourceAttributes?: { subresource: string } };
      };
      if (request.path.endsWith("/tokenreviews")) {
        const user = known[spec.token ?? ""];
        const status =
          user === undefined
            ? { authenticated: false }
            : { authenticated: true, user: { ...user, username: spec.token } };
        return { status: 201, body: { status } };
      }
      const allowed = known[spec.user ?? ""]?.mayUse.includes(spec.resourceAttributes?.subresource ?? "") === true;
      return { status: 201, body: { status: { allowed } } };
    },
    watch: () => assert.fail("nothing is watched"),
  };
  return { client, asked };
}

function request(url: string, token?: string): IncomingMessage {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return { url, method: "GET", headers, socket: {} } as unknown as IncomingMessage;
}

const people = {
  admin: { groups: ["system:masters"], mayUse: [] },
  metrics: { groups: ["system:authenticated"], mayUse: ["metrics", "stats"] },
};

test("who shows nothing is nobody, and a token that the API server doesn't know is no better", async () => {
  const { client } = reviews(people);
  const access = createKubeletAccess({
    client,
    nodeName: "node",
    hasClientCa: false,
    allowAnonymous: false,
    now: () => 0,
  });
  assert.equal(await access(request("/pods")), "unauthenticated");
  assert.equal(await access(request("/pods", "forged")), "unauthenticated");
});

test("the API server decides what a token's owner may do on the node", async () => {
  const { client } = reviews(people);
  const access = createKubeletAccess({
    client,
    nodeName: "node",
    hasClientCa: false,
    allowAnonymous: false,
    now: () => 0,
  });
  assert.equal(await access(request("/metrics/resource", "metrics")), "allowed");
  assert.equal(await access(request("/stats/summary", "metrics")), "allowed");
  assert.equal(await access(request("/exec/default/web/main?command=sh", "metrics")), "forbidden");
  assert.equal(await access(request("/containerLogs/default/web/main", "metrics")), "forbidden");
  assert.equal(await access(request("/exec/default/web/main?command=sh", "admin")), "allowed");
});

test("an answer is believed for ten seconds, for what it was given for", async () => {
  const { client, asked } = reviews(people);
  let time = 0;
  const access = createKubeletAccess({
    client,
    nodeName: "node",
    hasClientCa: false,
    allowAnonymous: false,
    now: () => time,
  });
  await access(request("/metrics/resource", "metrics"));
  const once = asked.length;
  await access(request("/metrics/resource", "metrics"));
  assert.equal(asked.length, once);
  await access(request("/stats/summary", "metrics"));
  assert.ok(asked.length > once);
  const twice = asked.length;
  time = 10_000;
  await access(request("/metrics/resource", "metrics"));
  assert.ok(asked.length > twice);
});
