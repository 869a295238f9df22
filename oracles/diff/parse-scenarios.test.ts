import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { OracleError } from "../machine/oracle-error.ts";
import { readCorpus } from "./corpus.ts";
import { invalidScenarios, stepsOf, withField } from "./invalid-corpus.ts";
import { parseScenarios } from "./parse-scenarios.ts";
import { readRecording } from "./recording.ts";

describe("scenario files", () => {
  test("hold requests with headers and bodies, saved values, identities and commands", () => {
    const [scenario] = parseScenarios(
      "f",
      `# a comment
=== title
@needs controllers
@setup
> POST /api/v1/namespaces/$ns/configmaps
{"metadata":{"name":"a"}}
@save uid metadata.uid
@labels team=a b/c=d
@as alice dev ops
@until status.phase Running
> GET /x
> Accept: application/yaml
@setup
$ kubectl get pod 'a b' -o jsonpath='{.x y}'
@file chart/Chart.yaml
name: a
 b: c
$ kubectl apply -f -
kind: X
@watch w
> GET /y?watch=1
@events w 2
`,
    );
    assert.equal(scenario?.needs, "controllers");
    assert.deepEqual(scenario.labels, { team: "a", "b/c": "d" });
    assert.partialDeepStrictEqual(scenario?.steps, [
      {
        kind: "request",
        method: "POST",
        path: "/api/v1/namespaces/$ns/configmaps",
        headers: [],
        body: `{"metadata":{"name":"a"}}`,
        until: undefined,
        isSetup: true,
        watch: undefined,
      },
      { kind: "save", name: "uid", path: "metadata.uid" },
      { kind: "identity", user: "alice", groups: ["dev", "ops"] },
      {
        kind: "request",
        method: "GET",
        path: "/x",
        headers: [["Accept", "application/yaml"]],
        body: "",
        until: { path: "status.phase", value: "Running" },
        isSetup: false,
        watch: undefined,
      },
      {
        kind: "command",
        program: "kubectl",
        args: ["get", "pod", "a b", "-o", "jsonpath={.x y}"],
        input: "",
        isSetup: true,
      },
      { kind: "file", path: "chart/Chart.yaml", content: "name: a\n b: c\n" },
      { kind: "command", program: "kubectl", args: ["apply", "-f", "-"], input: "kind: X\n", isSetup: false },
      { kind: "request", method: "GET", path: "/y?watch=1", watch: "w" },
      { kind: "events", watch: "w", count: 2 },
    ]);
  });

  for (const [text, message] of [
    ["stray\n", /f:1: expected "=== title"/],
    ["=== a\nstray\n", /f:2: text outside a step/],
    ["=== a\n> FETCH /x\n", /f:2: neither a request nor a header/],
    ["=== a\n> GET x\n", /f:2: GET needs a path/],
    ["=== a\n@jump\n", /f:2: unknown directive @jump/],
    ["=== a\n$ rm -rf x\n", /f:2: a command is kubectl or helm/],
    ["=== a\n=== b\n> GET /x\n", /f:1: "a" compares nothing/],
    ["=== a\n@setup\n> GET /x\n", /compares nothing/],
    ["=== a\n> GET /x\n=== a\n> GET /x\n", /stands here twice/],
  ] as const) {
    test(`say where they are wrong: ${JSON.stringify(text)}`, () => {
      assert.throws(
        () => parseScenarios("f", text),
        (error) => error instanceof OracleError && message.test(error.message),
      );
    });
  }
});

describe("invalid objects", () => {
  test("are a good one with one field changed each", () => {
    const text = 'path: /p\nobject: { a: { b: [ { c: 1 } ] } }\ninvalid: { one: { "a.b[0].c": 2 }, two: { a.b: ~ } }\n';
    const scenarios = invalidScenarios("f", text, "shared: { x: 1 }\n");
    const bodies = scenarios.map(({ title, steps: [step] }) => [
      title,
      step?.kind === "request" ? JSON.parse(step.body) : undefined,
    ]);
    assert.deepEqual(Object.fromEntries(bodies), {
      "the object itself": { a: { b: [{ c: 1 }] } },
      shared: { a: { b: [{ c: 1 }] }, x: 1 },
      one: { a: { b: [{ c: 2 }] } },
      two: { a: {} },
    });
  });

  test("name fields by paths", () => {
    assert.deepEqual(stepsOf(String.raw`a.b[0].c\.d/e`), ["a", "b", 0, "c.d/e"]);
    assert.deepEqual(withField({ a: [1] }, ["a", 1], 2), { a: [1, 2] });
  });
});

describe("the corpus", () => {
  const corpus = readCorpus();

  test("has as many scenarios and invalid objects as were asked for", () => {
    const invalid = corpus.filter((scenario) => scenario.file.startsWith("invalid/"));
    assert.ok(corpus.length - invalid.length >= 229, `${corpus.length - invalid.length} scenarios`);
    assert.ok(invalid.length >= 450, `${invalid.length} invalid objects`);
  });

  test("has an answer of the real cluster for every scenario, and none for what is gone", () => {
    for (const [file, members] of Map.groupBy(corpus, (scenario) => scenario.file)) {
      const recorded = new Set(Object.keys(readRecording(file)));
      for (const { title } of members) assert.ok(recorded.delete(title), `${file}: ${title} was never recorded`);
      assert.deepEqual([...recorded], [], file);
    }
  });
});

test("a scenario with kubectl is told with the oldest and the newest, or with those that it names", () => {
  const titles = (text: string) =>
    parseScenarios("f", `=== t\n${text}\n`).map(({ title, kubectl }) => [title, kubectl]);
  assert.deepEqual(titles("$ kubectl get pods"), [
    ["t (kubectl 1.27)", "1.27"],
    ["t (kubectl 1.34)", "1.34"],
  ]);
  assert.deepEqual(titles("@kubectl 1.30\n$ kubectl get pods"), [["t (kubectl 1.30)", "1.30"]]);
  assert.deepEqual(titles("$ helm list"), [["t", "1.34"]]);
  assert.deepEqual(titles("> GET /x"), [["t", undefined]]);
});
