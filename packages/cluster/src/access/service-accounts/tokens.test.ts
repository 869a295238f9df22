import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { describe, test } from "node:test";
import { createLocalJWKSet, jwtVerify } from "jose";
import type { KubeObject } from "../../object/kube-object.ts";
import { createServiceAccountTokens, type TokenWish } from "./tokens.ts";

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const start = Date.parse("2026-01-01T00:00:00Z");
const robot: KubeObject = {
  apiVersion: "v1",
  kind: "ServiceAccount",
  metadata: { name: "robot", namespace: "shop", uid: "u-1" },
};
const pod: KubeObject = { apiVersion: "v1", kind: "Pod", metadata: { name: "web", namespace: "shop", uid: "p-1" } };

function authority() {
  const state = {
    now: start,
    objects: new Map<string, KubeObject>([
      ["serviceaccounts/robot", robot],
      ["pods/web", pod],
    ]),
  };
  const tokens = createServiceAccountTokens({
    issuer: "https://kubernetes.default.svc",
    audiences: ["https://kubernetes.default.svc"],
    privateKey,
    now: () => new Date(state.now),
    lookUp: (resource, _, name) => state.objects.get(`${resource}/${name}`),
  });
  const issue = (wish: Partial<TokenWish> = {}) =>
    tokens.issue({
      serviceAccount: robot,
      audiences: ["https://kubernetes.default.svc"],
      expirationSeconds: 3_600,
      ...wish,
    }).token;
  return { state, tokens, issue };
}

describe("tokens of service accounts", () => {
  test("say who it is, with the groups of the namespace and the pod it is bound to", () => {
    const { tokens, issue } = authority();
    const verdict = tokens.verify(issue({ boundTo: { kind: "Pod", object: pod }, node: { name: "n", uid: "n-1" } }));
    assert.equal(verdict.kind, "valid");
    assert.ok(verdict.kind === "valid");
    assert.equal(verdict.user.name, "system:serviceaccount:shop:robot");
    assert.deepEqual(verdict.user.groups, [
      "system:serviceaccounts",
      "system:serviceaccounts:shop",
      "system:authenticated",
    ]);
    assert.deepEqual(verdict.user.extra?.["authentication.kubernetes.io/pod-name"], ["web"]);
    assert.deepEqual(verdict.user.extra?.["authentication.kubernetes.io/node-uid"], ["n-1"]);
  });

  test("are checked by a library that others use, from the discovery document alone", async () => {
    const { tokens, issue } = authority();
    const keys = createLocalJWKSet(tokens.discovery().keys as Parameters<typeof createLocalJWKSet>[0]);
    const { payload, protectedHeader } = await jwtVerify(issue(), keys, {
      issuer: "https://kubernetes.default.svc",
      audience: "https://kubernetes.default.svc",
      currentDate: new Date(start),
    });
    assert.equal(payload.sub, "system:serviceaccount:shop:robot");
    assert.equal(protectedHeader.alg, "RS256");
  });

  test("end with their time, their account and the pod they are bound to", () => {
    const { state, tokens, issue } = authority();
    const token = issue();
    const bound = issue({ boundTo: { kind: "Pod", object: pod } });
    state.now = start + 3_700_000;
    assert.deepEqual(tokens.verify(token), { kind: "invalid", reason: "service account token has expired" });
    state.now = start;
    state.objects.set("pods/web", { ...pod, metadata: { ...pod.metadata, uid: "p-2" } });
    assert.deepEqual(tokens.verify(bound), { kind: "invalid", reason: "service account token has been invalidated" });
    state.objects.set("serviceaccounts/robot", { ...robot, metadata: { ...robot.metadata, uid: "u-2" } });
    assert.deepEqual(tokens.verify(token), {
      kind: "invalid",
      reason: "service account UID (u-2) does not match claim (u-1)",
    });
    state.objects.delete("serviceaccounts/robot");
    assert.deepEqual(tokens.verify(token), { kind: "invalid", reason: `serviceaccounts "robot" not found` });
  });

  test("are valid for their audience alone", () => {
    const { tokens, issue } = authority();
    const vault = issue({ audiences: ["vault"] });
    assert.equal(tokens.verify(vault, ["vault", "other"]).kind, "valid");
    assert.deepEqual(tokens.verify(vault), {
      kind: "invalid",
      reason: `token audiences ["vault"] is invalid for the target audiences ["https://kubernetes.default.svc"]`,
    });
  });

  test("of a pod's volume outlive the hour for old clients that never read them again", () => {
    const { state, tokens, issue } = authority();
    const token = issue({ boundTo: { kind: "Pod", object: pod }, expirationSeconds: 3_607 });
    state.now = start + 24 * 3_600_000;
    assert.equal(tokens.verify(token).kind, "valid");
  });

  test("that are forged, changed, unsigned or somebody else's are not taken", () => {
    const { tokens, issue } = authority();
    const [head = "", body = "", signature = ""] = issue().split(".");
    const other = Buffer.from(body, "base64url").toString().replace("shop", "kube-system");
    const changed = Buffer.from(other).toString("base64url");
    const none = Buffer.from(`{"alg":"none"}`).toString("base64url");
    const hmac = Buffer.from(`{"alg":"HS256"}`).toString("base64url");
    for (const token of [
      `${head}.${changed}.${signature}`,
      `${none}.${body}.`,
      `${hmac}.${body}.${signature}`,
      `${head}.${body}.`,
    ])
      assert.deepEqual(tokens.verify(token), { kind: "invalid", reason: "invalid signature" }, token);
    for (const token of ["", "a", "a.b.c", `${head}.e30.${signature}`, `${issue()}.x.y`.slice(40)])
      assert.notEqual(tokens.verify(token).kind, "valid", token);
  });
});
