import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import type { KubeObject } from "../../object/kube-object.ts";
import { inProcessServer, namespace, type InProcessServer } from "./in-process-server.ts";

const root = "/apis/admissionregistration.k8s.io/v1";

type Behaviour = (request: {
  readonly object: { readonly data?: Readonly<Record<string, string>> };
}) => object | "hang";

let server: InProcessServer;
let url: string;
let close: () => Promise<void>;
const behaviours = new Map<string, Behaviour>();
const asked = new Map<string, number>();

before(async () => {
  server = await inProcessServer();
  const { certificate, key } = server.credentials.server;
  const hooks = createServer({ cert: certificate, key }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const name = new URL(request.url ?? "/", "https://hooks").pathname.slice(1);
      asked.set(name, (asked.get(name) ?? 0) + 1);
      const { request: review } = JSON.parse(Buffer.concat(chunks).toString()) as { request: never };
      const answer = behaviours.get(name)?.(review) ?? {};
      if (answer === "hang") return;
      const { uid } = review as { uid: string };
      const body = {
        apiVersion: "admission.k8s.io/v1",
        kind: "AdmissionReview",
        response: { uid, allowed: true, ...answer },
      };
      response.end(JSON.stringify(body));
    });
  });
  hooks.listen(0, "127.0.0.1");
  await once(hooks, "listening");
  url = `https://127.0.0.1:${(hooks.address() as AddressInfo).port}`;
  close = async () => {
    hooks.closeAllConnections();
    hooks.close();
    await server.close();
  };
});
after(() => close());

async function hook(
  kind: "mutating" | "validating",
  names: readonly string[],
  more: Readonly<Record<string, unknown>> = {},
): Promise<() => Promise<unknown>> {
  const caBundle = Buffer.from(server.credentials.authority.certificate).toString("base64");
  const configuration = `${kind}-${names.join("-")}`;
  const made = await server.admin.create(`${root}/${kind}webhookconfigurations`, {
    metadata: { name: configuration },
    webhooks: names.map((name) => ({
      name: `${name}.example.com`,
      rules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["*"], resources: ["configmaps"] }],
      clientConfig: { url: `${url}/${name}`, caBundle },
      admissionReviewVersions: ["v1"],
      sideEffects: "None",
      ...more,
    })),
  });
  assert.equal(made.status, 201, made.message);
  return () => server.admin.remove(`${root}/${kind}webhookconfigurations/${configuration}`);
}

function patch(...operations: readonly object[]): object {
  return { patchType: "JSONPatch", patch: Buffer.from(JSON.stringify(operations)).toString("base64") };
}

describe("admission webhooks", () => {
  test("change an object one after the other, and the first looks again at what the second has changed", async () => {
    behaviours.set("first", ({ object }) =>
      object.data?.["by"] === "second" ? patch({ op: "add", path: "/data/seen", value: "yes" }) : {},
    );
    behaviours.set("second", ({ object }) =>
      object.data ? {} : patch({ op: "add", path: "/data", value: { by: "second" } }),
    );
    const remove = await hook("mutating", ["first", "second"], { reinvocationPolicy: "IfNeeded" });
    const made = await server.admin.create(`${namespace}/configmaps`, { metadata: { name: "changed" } });
    assert.deepEqual(made.object["data"], { by: "second", seen: "yes" });
    assert.equal(asked.get("first"), 2);
    await remove();
  });

  test("may not leave managedFields that nobody can read", async () => {
    behaviours.set("owner", () =>
      patch({ op: "replace", path: "/metadata/managedFields/0/operation", value: "Guess" }),
    );
    const remove = await hook("mutating", ["owner"]);
    const body = JSON.stringify({ metadata: { name: "owned" }, data: { a: "b" } });
    const answer = await server.ask({ method: "POST", path: `${namespace}/configmaps`, body });
    assert.ok(answer.kind === "whole");
    const { metadata } = JSON.parse(String(answer.body)) as KubeObject;
    assert.equal(metadata.managedFields?.[0]?.operation, "Update");
    assert.match(
      String(answer.headers["warning"]),
      /managedFields was in an invalid state after admission; .*: operation must be/,
    );
    await remove();
  });

  test("refuse with their own code and reason, and keep what they refuse to delete", async () => {
    behaviours.set("deny", () => ({ allowed: false, status: { code: 409, reason: "Teapot", message: "no coffee" } }));
    await server.admin.create(`${namespace}/configmaps`, { metadata: { name: "kept" } });
    const remove = await hook("validating", ["deny"]);
    const refused = await server.admin.remove(`${namespace}/configmaps/kept`);
    assert.equal(refused.status, 409);
    assert.equal(refused.message, 'admission webhook "deny.example.com" denied the request: no coffee');
    assert.equal((await server.admin.get(`${namespace}/configmaps/kept`)).status, 200);
    await remove();
  });

  test("that give no answer refuse or are passed over, as they want it", async () => {
    behaviours.set("slow", () => "hang");
    const strict = await hook("validating", ["slow"], { timeoutSeconds: 1 });
    const refused = await server.admin.create(`${namespace}/configmaps`, { metadata: { name: "a" } });
    assert.equal(refused.status, 500);
    assert.match(refused.message, /failed calling webhook "slow\.example\.com": .*context deadline exceeded$/);
    await strict();
    const lax = await hook("validating", ["slow"], { timeoutSeconds: 1, failurePolicy: "Ignore" });
    assert.equal((await server.admin.create(`${namespace}/configmaps`, { metadata: { name: "a" } })).status, 201);
    await lax();
  });

  test("are not asked when their conditions don't hold", async () => {
    const matchConditions = [{ name: "named", expression: "object.metadata.name == 'x'" }];
    const remove = await hook("validating", ["deny"], { matchConditions });
    assert.equal((await server.admin.create(`${namespace}/configmaps`, { metadata: { name: "y" } })).status, 201);
    assert.equal((await server.admin.create(`${namespace}/configmaps`, { metadata: { name: "x" } })).status, 409);
    await remove();
  });
});
