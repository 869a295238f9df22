import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import type { KubeObject } from "../../object/kube-object.ts";
import { createServiceAccountTokens } from "./tokens.ts";

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const audience = "https://kubernetes.default.svc";
const account: KubeObject = {
  apiVersion: "v1",
  kind: "ServiceAccount",
  metadata: { name: "robot", namespace: "shop", uid: "u-1" },
};

function authority() {
  const objects = new Map<string, KubeObject>([["serviceaccounts/robot", account]]);
  const tokens = createServiceAccountTokens({
    issuer: audience,
    audiences: [audience],
    privateKey,
    now: () => new Date("2036-01-01T00:00:00Z"),
    lookUp: (resource, _, name) => objects.get(`${resource}/${name}`),
  });
  const secret: KubeObject = { apiVersion: "v1", kind: "Secret", metadata: { name: "t", namespace: "shop" } };
  const token = tokens.issueForSecret({ account, secret });
  objects.set("secrets/t", { ...secret, data: { token: Buffer.from(token).toString("base64") } });
  return { tokens, objects, token };
}

test("a token that a secret holds speaks for its account and never expires", () => {
  const { tokens, token } = authority();
  const verdict = tokens.verify(token);
  assert.ok(verdict.kind === "valid");
  assert.equal(verdict.user.name, "system:serviceaccount:shop:robot");
  assert.deepEqual(verdict.audiences, [audience]);
});

test("it ends with its secret, with another content of it, and with its account", () => {
  const { tokens, token, objects } = authority();
  const secret = objects.get("secrets/t");
  objects.delete("secrets/t");
  assert.equal(tokens.verify(token).kind, "invalid");
  objects.set("secrets/t", { apiVersion: "v1", kind: "Secret", metadata: {}, data: { token: "b3RoZXI=" } });
  assert.equal(tokens.verify(token).kind, "invalid");
  assert.ok(secret);
  objects.set("secrets/t", secret);
  objects.set("serviceaccounts/robot", { ...account, metadata: { ...account.metadata, uid: "u-2" } });
  assert.equal(tokens.verify(token).kind, "invalid");
});

test("it is meant for the API server alone, and nobody else can sign it", () => {
  const { tokens, token } = authority();
  assert.equal(tokens.verify(token, ["vault"]).kind, "invalid");
  const [head = "", body = ""] = token.split(".");
  assert.equal(tokens.verify(`${head}.${body}.${Buffer.from("forged").toString("base64url")}`).kind, "invalid");
});
