import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ApiRequest } from "../../api/api-exchange.ts";
import type { Attributes } from "../attributes.ts";
import { AuditError, decideAudit, readAuditPolicy } from "./audit-policy.ts";
import { createAudit } from "./audit-trail.ts";

const policyText = `
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
omitManagedFields: true
rules:
  - { level: None, users: ["system:kube-proxy"], verbs: [watch] }
  - { level: None, nonResourceURLs: ["/healthz*", "/version"] }
  - { level: Metadata, resources: [{ group: "", resources: [secrets, "pods/log", "*/status"] }] }
  - { level: Request, resources: [{ group: "", resources: [configmaps], resourceNames: [locks] }] }
  - { level: RequestResponse, namespaces: [shop] }
`;
const policy = readAuditPolicy(policyText);
const alice = { name: "alice", groups: ["system:authenticated"] };

function about(more: Partial<Attributes & { kind: "resource" }>): Attributes {
  return {
    kind: "resource",
    user: alice,
    verb: "get",
    group: "",
    version: "v1",
    resource: "configmaps",
    subresource: "",
    namespace: "other",
    name: "a",
    ...more,
  };
}

describe("an audit policy", () => {
  test("decides by the first rule that fits, and logs nothing where none does", () => {
    const level = (attributes: Attributes): string => decideAudit(policy, attributes).level;
    assert.equal(level(about({ user: { name: "system:kube-proxy", groups: [] }, verb: "watch" })), "None");
    assert.equal(level({ kind: "path", user: alice, verb: "get", path: "/healthz/ping" }), "None");
    assert.equal(level(about({ resource: "secrets", namespace: "shop" })), "Metadata");
    assert.equal(level(about({ resource: "pods", subresource: "log" })), "Metadata");
    assert.equal(level(about({ resource: "pods", subresource: "status" })), "Metadata");
    assert.equal(level(about({ name: "locks" })), "Request");
    assert.equal(level(about({ namespace: "shop" })), "RequestResponse");
    assert.equal(level(about({})), "None");
  });

  test("that can't be used says why", () => {
    assert.throws(() => readAuditPolicy("kind: Policy"), AuditError);
    assert.throws(
      () => readAuditPolicy("{apiVersion: audit.k8s.io/v1, kind: Policy, rules: [{level: All}]}"),
      /rules\[0\]\.level is All; it can be None, Metadata, Request, RequestResponse\./,
    );
  });
});

describe("the audit log", () => {
  test("has who asked for what, what was decided, and as much of both sides as its level says", async () => {
    const lines: string[] = [];
    const audit = createAudit({ policy, write: (line) => lines.push(line), now: () => new Date(0) });
    const sent = { metadata: { name: "a", managedFields: [{}] }, data: { x: "1" } };
    const trail = audit.begin(requestOf(sent), "id-1");
    trail.received(alice, about({ namespace: "shop", verb: "create" }));
    trail.decided({ allowed: true, reason: "RBAC: allowed" });
    await trail.request.body();
    trail.answered({ kind: "whole", status: 201, headers: {}, body: JSON.stringify(sent) });
    assert.deepEqual(
      lines.map((line) => JSON.parse(line) as unknown),
      [
        {
          kind: "Event",
          apiVersion: "audit.k8s.io/v1",
          level: "RequestResponse",
          auditID: "id-1",
          stage: "ResponseComplete",
          requestURI: "/api/v1/namespaces/shop/configmaps?dryRun=All",
          verb: "create",
          user: { username: "alice", groups: ["system:authenticated"] },
          sourceIPs: ["127.0.0.1"],
          objectRef: { resource: "configmaps", namespace: "shop", name: "a", apiVersion: "v1" },
          responseStatus: { metadata: {}, code: 201 },
          requestObject: { metadata: { name: "a" }, data: { x: "1" } },
          responseObject: { metadata: { name: "a" }, data: { x: "1" } },
          requestReceivedTimestamp: "1970-01-01T00:00:00.000000Z",
          stageTimestamp: "1970-01-01T00:00:00.000000Z",
          annotations: { "authorization.k8s.io/decision": "allow", "authorization.k8s.io/reason": "RBAC: allowed" },
        },
      ],
    );
  });

  test("never has a secret's content at the level of metadata", async () => {
    const lines: string[] = [];
    const audit = createAudit({ policy, write: (line) => lines.push(line), now: () => new Date(0) });
    const trail = audit.begin(requestOf({ data: { password: "aHVudGVyMg==" } }), "id-2");
    trail.received(alice, about({ resource: "secrets", verb: "create" }));
    await trail.request.body();
    trail.answered({ kind: "whole", status: 201, headers: {}, body: '{"data":{"password":"aHVudGVyMg=="}}' });
    assert.equal(lines.length, 1);
    assert.doesNotMatch(lines[0] ?? "", /aHVudGVyMg/);
  });

  test("tells when a stream begins and when it ends", async () => {
    const lines: string[] = [];
    const audit = createAudit({ policy, write: (line) => lines.push(line), now: () => new Date(0) });
    const trail = audit.begin(requestOf({}), "id-3");
    trail.received(alice, about({ namespace: "shop", verb: "watch" }));
    const chunks = (async function* () {
      yield "one";
    })();
    const answer = trail.answered({ kind: "stream", status: 200, headers: {}, chunks });
    const stagesTold = (): readonly unknown[] => lines.map((line) => (JSON.parse(line) as { stage: string }).stage);
    assert.deepEqual(stagesTold(), ["ResponseStarted"]);
    if (answer.kind === "stream") for await (const chunk of answer.chunks) assert.equal(chunk, "one");
    assert.deepEqual(stagesTold(), ["ResponseStarted", "ResponseComplete"]);
  });
});

function requestOf(body: unknown): ApiRequest {
  return {
    method: "POST",
    path: "/api/v1/namespaces/shop/configmaps",
    query: new URLSearchParams("dryRun=All"),
    headers: {},
    body: async () => Buffer.from(JSON.stringify(body)),
    peer: { address: "127.0.0.1", certificate: undefined },
    signal: new AbortController().signal,
  };
}
