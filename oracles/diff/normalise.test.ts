import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { differences } from "./difference.ts";
import { normalisedHeaders, normalisedJson, normalisedText } from "./normalise.ts";

const surroundings = { namespace: "diff-0a1b2c", saved: new Map<string, string>() };
const clean = (text: string) => normalisedText(text, surroundings);

describe("what varies is replaced by a named rule", () => {
  for (const [rule, from, to] of [
    ["namespace", 'namespaces "diff-0a1b2c" not found', 'namespaces "$ns" not found'],
    ["uid", "uid 6f1c2f0e-58a2-4c2b-9d1e-0123456789ab.", "uid (uid)."],
    ["time", "at 2026-11-21T06:00:00Z and 2026-11-21T06:00:00.123456Z", "at (time) and (time)"],
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
    ["mounted token", "kube-api-access-rf7nh", "kube-api-access-(random)"],
    ["age", "web   1/1   Running   0   5m12s", "web   1/1   Running   0   (age)"],
    ["cluster address", "10.0.0.17", "(address)"],
    ["server address", "https://127.0.0.1:16555/api", "https://(server)/api"],
  ] as const) {
    test(`${rule}: ${from}`, () => assert.equal(clean(from), to));
  }

  test("and nothing else: names, numbers, messages and durations stay", () => {
    for (const text of ["replicas: 3", "a-b-c12", "10.0", "1.2.3.4", "must be between 1 and 65535", "30s"])
      assert.equal(clean(text), text);
  });

  test("values of some keys, whatever they are", () => {
    const value = {
      metadata: { resourceVersion: "12", continue: "abc", name: "12" },
      spec: { clusterIP: "None", nodePort: 30_001 },
    };
    assert.deepEqual(normalisedJson(value, surroundings), {
      metadata: { resourceVersion: "(version)", continue: "(continue)", name: "12" },
      spec: { clusterIP: "None", nodePort: "(port)" },
    });
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
