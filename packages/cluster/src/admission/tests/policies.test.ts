import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { inProcessServer, namespace, type InProcessServer } from "./in-process-server.ts";

const root = "/apis/admissionregistration.k8s.io/v1";
const resourceRules = [
  { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE", "UPDATE"], resources: ["configmaps"] },
];

let server: InProcessServer;
before(async () => (server = await inProcessServer()));
after(() => server.close());

async function policy(name: string, spec: Readonly<Record<string, unknown>>, binding: object = {}): Promise<void> {
  const made = await server.admin.create(`${root}/validatingadmissionpolicies`, {
    metadata: { name },
    spec: { matchConstraints: { resourceRules }, ...spec },
  });
  assert.equal(made.status, 201, made.message);
  const bound = await server.admin.create(`${root}/validatingadmissionpolicybindings`, {
    metadata: { name },
    spec: { policyName: name, validationActions: ["Deny"], ...binding },
  });
  assert.equal(bound.status, 201, bound.message);
}

describe("an admission policy", () => {
  test("refuses with its message, made from the object by its variables, until its binding goes", async () => {
    await policy("keys", {
      variables: [{ name: "bad", expression: "object.?data.orValue({}).map(k, k).filter(k, k.startsWith('x'))" }],
      validations: [
        { expression: "variables.bad.size() == 0", messageExpression: "'bad: ' + variables.bad.join(', ')" },
      ],
    });
    const bad = { metadata: { name: "bad" }, data: { x1: "1", y: "2" } };
    const refused = await server.admin.create(`${namespace}/configmaps`, bad);
    assert.equal(refused.status, 422);
    assert.equal(
      refused.message,
      `configmaps "bad" is forbidden: ValidatingAdmissionPolicy 'keys' with binding 'keys' denied request: bad: x1`,
    );
    const fine = await server.admin.create(`${namespace}/configmaps`, { metadata: { name: "fine" }, data: { y: "2" } });
    assert.equal(fine.status, 201);
    await server.admin.remove(`${root}/validatingadmissionpolicybindings/keys`);
    assert.equal((await server.admin.create(`${namespace}/configmaps`, bad)).status, 201);
  });

  test("judges by its parameters, and refuses when it finds none and its binding says so", async () => {
    await policy(
      "most",
      {
        paramKind: { apiVersion: "v1", kind: "ConfigMap" },
        matchConditions: [{ name: "named", expression: "object.metadata.name.startsWith('most-')" }],
        validations: [{ expression: "size(object.data) <= int(params.data.max)", message: "too many" }],
      },
      { paramRef: { name: "limit", parameterNotFoundAction: "Deny" } },
    );
    const two = { metadata: { name: "most-two" }, data: { a: "1", b: "2" } };
    const without = await server.admin.create(`${namespace}/configmaps`, two);
    assert.match(without.message, /no params found for policy binding with `Deny` parameterNotFoundAction$/);
    await server.admin.remove(`${root}/validatingadmissionpolicybindings/most`);
    await server.admin.create(`${namespace}/configmaps`, { metadata: { name: "limit" }, data: { max: "1" } });
    await server.admin.create(`${root}/validatingadmissionpolicybindings`, {
      metadata: { name: "most" },
      spec: {
        policyName: "most",
        validationActions: ["Deny"],
        paramRef: { name: "limit", parameterNotFoundAction: "Deny" },
      },
    });
    assert.match((await server.admin.create(`${namespace}/configmaps`, two)).message, /too many$/);
    await server.admin.patch(`${namespace}/configmaps/limit`, { data: { max: "2" } });
    assert.equal((await server.admin.create(`${namespace}/configmaps`, two)).status, 201);
  });

  test("is refused itself when its expressions can't be compiled", async () => {
    const refused = await server.admin.create(`${root}/validatingadmissionpolicies`, {
      metadata: { name: "broken" },
      spec: { matchConstraints: { resourceRules }, validations: [{ expression: "nope == 1" }] },
    });
    assert.equal(refused.status, 422);
    assert.match(refused.message, /spec\.validations\[0\]\.expression: .*undeclared reference to 'nope'/);
  });
});
