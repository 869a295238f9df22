import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { differences } from "./difference.ts";
import { Identities, normalisedHeaders, normalisedJson, normalisedText } from "./normalise.ts";

const surroundings = { namespace: "diff-0a1b2c", saved: new Map<string, string>(), identities: new Identities() };
const clean = (text: string) => normalisedText(text, surroundings);

describe("what varies is replaced by a named rule", () => {
  for (const [rule, from, to] of [
    ["namespace", 'namespaces "diff-0a1b2c" not found', 'namespaces "$ns" not found'],
    ["namespace in base64", "ZGlmZi0wYTFiMmM=", "(base64 of $ns)"],
    ["certificate", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n", "(certificate)"],
    [
      "hash of a template",
      "pods web-gen-6d4cf56db6-x7k2p of pod-template-hash=6d4cf56db6",
      "pods web-gen-(hash 1)-(random) of pod-template-hash=(hash 1)",
    ],
    ["generated name of an index", "job-gen-0-x7k2p", "job-gen-0-(random)"],
    ["uid", "uid 6f1c2f0e-58a2-4c2b-9d1e-0123456789ab.", "uid (uid 1)."],
    ["time", "at 2026-11-21T06:00:00Z", "at (time)"],
    ["time with microseconds", "2026-11-21T06:00:00.123456Z", "(microtime)"],
    ["token", "eyJhbGciOi.eyJhdWQi.c2ln-_x", "(token)"],
    ["generated name", "a-gen-x7k2p", "a-gen-(random)"],
    [
      "version in a text",
      'with \\"resourceVersion\\":\\"2199\\" and record (1092)',
      'with \\"resourceVersion\\":\\"(version)\\" and record (1092)',
    ],
    [
      "version in a text",
      "does not match the ResourceVersion in record (1092)",
      "does not match the ResourceVersion in record ((version))",
    ],
    ["version in a text", "too old resource version: 1 (6155)", "too old resource version: 1 ((version))"],
    ["mounted token", "kube-api-access-rf7nh", "kube-api-access-(random)"],
    ["cluster address", "10.0.0.17", "(address)"],
    [
      "whose progress",
      'ReplicaSet "a-1" has successfully progressed.',
      'ReplicaSet "(name)" has successfully progressed.',
    ],
    ["server address", "https://127.0.0.1:16555/api", "https://(server)/api"],
  ] as const) {
    test(`${rule}: ${from}`, () => assert.equal(clean(from), to));
  }

  test("and nothing else: names, numbers, messages and durations stay", () => {
    for (const text of ["replicas: 3", "a-b-c12", "10.0", "1.2.3.4", "must be between 1 and 65535", "30s"])
      assert.equal(clean(text), text);
  });

  test("trigger: endpoints may tell when they were changed, or not", () => {
    const trigger = "endpoints.kubernetes.io/last-change-trigger-time";
    const told = {
      annotations: { [trigger]: "2026-11-21T10:00:00Z" },
      fieldsV1: { "f:annotations": { ".": {}, [`f:${trigger}`]: {} } },
    };
    const surroundings = { namespace: "none", saved: new Map(), identities: new Identities() };
    assert.deepEqual(normalisedJson(told, surroundings), { fieldsV1: {} });
    const more = { annotations: { [trigger]: "2026-11-21T10:00:00Z", a: "b" } };
    assert.deepEqual(normalisedJson(more, surroundings), { annotations: { a: "b" } });
  });

  test("values of some keys, where they look as they should", () => {
    const value = {
      metadata: { continue: "eyJ2IjoibWV0YS5rOHMuaW8vdjEi", name: "12" },
      spec: { clusterIP: "None", ports: [{ nodePort: 30_001 }, { nodePort: 80 }] },
    };
    assert.deepEqual(normalisedJson(value, surroundings), {
      metadata: { continue: "(continue)", name: "12" },
      spec: { clusterIP: "None", ports: [{ nodePort: "(port)" }, { nodePort: 80 }] },
    });
    assert.deepEqual(normalisedJson({ continue: "abc", resourceVersion: 5 }, surroundings), {
      continue: "abc",
      resourceVersion: 5,
    });
  });

  test("versions and uids keep whether they are the same", () => {
    const own = { ...surroundings, identities: new Identities() };
    const object = (resourceVersion: string) => ({ metadata: { resourceVersion } });
    const answers = [object("7"), object("9"), object("7"), object("0")];
    assert.deepEqual(normalisedJson(answers, own), [
      object("(version 1)"),
      object("(version 2)"),
      object("(version 1)"),
      object("0"),
    ]);
  });

  test("versions are not counted where controllers write as well", () => {
    const own = { ...surroundings, identities: new Identities({ countVersions: false }) };
    assert.deepEqual(normalisedJson({ resourceVersion: "7" }, own), { resourceVersion: "(version)" });
  });

  test("the version of a list, of a table and of a bookmark says nothing", () => {
    const metadata = { resourceVersion: "7" };
    const plain = { resourceVersion: "(version)" };
    assert.deepEqual(normalisedJson({ kind: "PodList", metadata, items: [] }, surroundings), {
      kind: "PodList",
      metadata: plain,
      items: [],
    });
    assert.deepEqual(normalisedJson({ type: "BOOKMARK", object: { metadata } }, surroundings), {
      type: "BOOKMARK",
      object: { metadata: plain },
    });
  });

  test("managed fields come in one order, whatever second they are of", () => {
    const entry = (manager: string, operation: string) => ({ manager, operation });
    const update = [entry("b", "Update"), entry("a", "Update"), entry("z", "Apply")];
    assert.deepEqual(normalisedJson({ managedFields: update }, surroundings), {
      managedFields: [entry("z", "Apply"), entry("a", "Update"), entry("b", "Update")],
    });
    assert.deepEqual(normalisedJson({ other: update }, surroundings), { other: update });
  });

  test("a column of a table says whether it is described, and not how", () => {
    const table = (description: string) => ({ kind: "Table", columnDefinitions: [{ name: "Age", description }] });
    assert.deepEqual(normalisedJson(table("How old."), surroundings), { ...table("(text)"), rows: undefined });
    assert.deepEqual(normalisedJson(table(""), surroundings), { ...table(""), rows: undefined });
  });

  test("ages in tables, by their column, and no other durations", () => {
    const table = {
      kind: "Table",
      columnDefinitions: [{ name: "Age" }, { name: "Schedule" }],
      rows: [{ cells: ["3s", "3s"] }],
    };
    assert.deepEqual(normalisedJson(table, surroundings), { ...table, rows: [{ cells: ["(age)", "3s"] }] });
  });

  test("headers that only have to be there are reduced to that, others are left out", () => {
    const headers = {
      "content-type": "application/json",
      "audit-id": "x",
      date: "now",
      warning: '299 - "unknown field"',
    };
    assert.deepEqual(normalisedHeaders(headers, surroundings), {
      "content-type": "application/json",
      "audit-id": "(present)",
      warning: '299 - "unknown field"',
    });
  });
});

describe("differences", () => {
  test("are found by path, in whatever order the keys are", () => {
    assert.deepEqual(differences({ a: { b: [1, 2] }, c: 1 }, { c: 1, a: { b: [1, 3] } }), [
      { path: "a.b[1]", expected: 2, found: 3 },
    ]);
    assert.deepEqual(differences([1], [1, 2]), [{ path: "[1]", expected: undefined, found: 2 }]);
    assert.deepEqual(differences({ a: "" }, {}), [{ path: "a", expected: "", found: undefined }]);
  });

  test("include the order of lists and the kind of a value", () => {
    assert.equal(differences([1, 2], [2, 1]).length, 2);
    assert.equal(differences("1", 1).length, 1);
    assert.equal(differences({}, []).length, 1);
  });
});
