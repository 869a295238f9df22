import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  applicationText,
  changedLines,
  configMap,
  previewOf,
  problemsOf,
  repositoryUrl,
  told,
  type Files,
} from "./tests/memory-world.ts";

const plain: Files = {
  "apps/shop.yaml": applicationText(),
  "app/a.yaml": configMap("a"),
  "app/b.yaml": configMap("b"),
};

describe("preview", () => {
  it("says nothing when nothing differs, and renders nothing", async () => {
    const result = await previewOf(plain, plain);
    assert.deepEqual(told(result), []);
    assert.deepEqual(result.totals, {
      applications: 1,
      rendered: 0,
      changed: 0,
      failed: 0,
      objectsAdded: 0,
      objectsRemoved: 0,
      objectsChanged: 0,
    });
  });

  it("shows objects that come, go and change, line by line", async () => {
    const { "app/b.yaml": _, ...rest } = plain;
    const result = await previewOf(plain, {
      ...rest,
      "app/a.yaml": configMap("a", "{a: two}"),
      "app/c.yaml": configMap("c"),
    });
    assert.deepEqual(told(result), ["shop changed ~ConfigMap/a +ConfigMap/c -ConfigMap/b"]);
    assert.deepEqual(changedLines(result).slice(0, 2), ["-  a: one", "+  a: two"]);
  });

  it("takes a renamed file and a moved document for no change", async () => {
    const both = { "apps/shop.yaml": applicationText(), "app/all.yaml": `${configMap("b")}---\n${configMap("a")}` };
    const result = await previewOf(plain, both);
    assert.deepEqual(told(result), []);
    assert.equal(result.totals.rendered, 2);
  });

  it("shows of a moved folder the path in the Application alone", async () => {
    const moved = {
      "apps/shop.yaml": applicationText({ source: "path: other/place" }),
      "other/place/a.yaml": configMap("a"),
      "other/place/b.yaml": configMap("b"),
    };
    const result = await previewOf(plain, moved);
    assert.deepEqual(told(result), ["shop changed ~Application/shop"]);
    assert.deepEqual(changedLines(result), ["-    path: app", "+    path: other/place"]);
  });

  it("shows an object that goes to another application as moved, and its change if it has one", async () => {
    const base: Files = {
      "apps.yaml": `${applicationText({ name: "one", source: "path: one" })}---\n${applicationText({ name: "two", source: "path: two" })}`,
      "one/a.yaml": configMap("a"),
      "one/b.yaml": configMap("b"),
      "two/c.yaml": configMap("c"),
    };
    const { "one/a.yaml": a = "", "one/b.yaml": _, ...rest } = base;
    const head = {
      ...rest,
      "one/keep.yaml": configMap("keep"),
      "two/a.yaml": a,
      "two/b.yaml": configMap("b", "{a: two}"),
    };
    const result = await previewOf(base, head);
    assert.deepEqual(told(result), [
      "one changed +ConfigMap/keep -ConfigMap/b =ConfigMap/a",
      "two changed +ConfigMap/b =ConfigMap/a",
    ]);
    assert.deepEqual(result.applications[0]?.moved, [
      { kind: "ConfigMap", namespace: "shop", name: "a", from: "one", to: "two" },
    ]);
  });

  it("tells the same object in two clusters apart", async () => {
    const at = (cluster: string) =>
      applicationText().replace("https://kubernetes.default.svc", `https://${cluster}.example.com`);
    const result = await previewOf({ ...plain, "apps/shop.yaml": at("a") }, { ...plain, "apps/shop.yaml": at("b") });
    assert.deepEqual(told(result), [
      "shop changed ~Application/shop +ConfigMap/a +ConfigMap/b -ConfigMap/a -ConfigMap/b",
    ]);
  });

  it("shows a new and a removed application with all that they deploy", async () => {
    const without = { "app/a.yaml": configMap("a") };
    const withApplication = { ...without, "apps/shop.yaml": applicationText() };
    assert.deepEqual(told(await previewOf(without, withApplication)), ["shop added +Application/shop +ConfigMap/a"]);
    assert.deepEqual(told(await previewOf(withApplication, without)), ["shop removed -Application/shop -ConfigMap/a"]);
  });

  it("keeps the Application in its own namespace and not where it deploys to", async () => {
    const bare = applicationText().replace(", namespace: argocd", "");
    const result = await previewOf({}, { "shop.yaml": bare, "app/a.yaml": configMap("a") });
    assert.deepEqual(
      result.applications[0]?.objects.map(({ kind, namespace }) => `${kind} ${namespace}`),
      ["Application ", "ConfigMap shop"],
    );
  });

  it("renders an application once when only its sync policy changes", async () => {
    const policy = "  syncPolicy: {automated: {prune: true}}\n";
    const result = await previewOf(plain, { ...plain, "apps/shop.yaml": applicationText({ spec: policy }) });
    assert.deepEqual(told(result), ["shop changed ~Application/shop"]);
    assert.equal(result.totals.rendered, 1);
  });

  it("follows the ignoreDifferences of the application and counts those that it can't follow", async () => {
    const spec = `  ignoreDifferences:\n  - {kind: ConfigMap, name: a, jsonPointers: [/data/a], jqPathExpressions: [.data.b]}\n`;
    const quiet: Files = { ...plain, "apps/shop.yaml": applicationText({ spec }) };
    const result = await previewOf(quiet, { ...quiet, "app/a.yaml": configMap("a", "{a: two}") });
    assert.deepEqual(told(result), ["shop unchanged"]);
    assert.match(problemsOf(result).join("\n"), /warning shop@base: 1 jqPathExpressions/);
  });

  it("finds what was rendered before in the cache", async () => {
    const entries = new Map<string, string>();
    const cache = {
      get: async (key: string) => entries.get(key),
      put: async (key: string, text: string) => void entries.set(key, text),
    };
    const head = { ...plain, "app/a.yaml": configMap("a", "{a: two}") };
    const cold = await previewOf(plain, head, { cache });
    const warm = await previewOf(plain, head, { cache });
    assert.equal(cold.totals.rendered, 2);
    assert.equal(warm.totals.rendered, 0);
    assert.deepEqual(warm.applications, cold.applications);
  });

  it("stops when it is told to", async () => {
    await assert.rejects(previewOf(plain, plain, { signal: AbortSignal.abort(new Error("enough")) }), /enough/);
  });

  it("says of a broken file where it is broken and goes on", async () => {
    const broken = { ...plain, "apps/broken.yaml": "# argoproj.io Application\na: [" };
    const result = await previewOf(plain, broken);
    assert.match(problemsOf(result).join(), /warning apps\/broken\.yaml@head: .*line/);
    assert.equal(result.totals.failed, 0);
  });
});

describe("applications of applications", () => {
  const parent = (folder: string) =>
    applicationText({ name: "root", source: `path: ${folder}` }).replace("namespace: shop}", "namespace: argocd}");
  const child = applicationText({ name: "child" }).replace(", namespace: argocd", "");

  it("are read once, in the namespace that their parent gives them", async () => {
    const base: Files = { "root.yaml": parent("apps"), "apps/child.yaml": child, "app/a.yaml": configMap("a") };
    const result = await previewOf(base, { ...base, "app/a.yaml": configMap("a", "{a: two}") });
    assert.deepEqual(told(result), ["child changed ~ConfigMap/a"]);
    assert.equal(result.totals.applications, 2);
  });

  it("show a changed child as itself, not as an object of its parent", async () => {
    const base: Files = { "root.yaml": parent("apps"), "apps/child.yaml": child, "app/a.yaml": configMap("a") };
    const spec = `${child}  syncPolicy: {automated: {}}\n`;
    assert.deepEqual(told(await previewOf(base, { ...base, "apps/child.yaml": spec })), [
      "child changed ~Application/child",
    ]);
  });

  it("are found in the templates of a chart, ApplicationSets too", async () => {
    const set = `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: set}
spec:
  generators: [{list: {elements: [{name: {{ .Values.name }}}]}}]
  template:
    metadata: {name: '{{ "{{name}}" }}'}
    spec:
      destination: {namespace: shop}
      source: {repoURL: ${repositoryUrl}, path: app}
`;
    const base: Files = {
      "root.yaml": parent("chart"),
      "chart/Chart.yaml": "apiVersion: v2\nname: root\nversion: 1.0.0\n",
      "chart/values.yaml": "name: first\n",
      "chart/templates/set.yaml": set,
      "app/a.yaml": configMap("a"),
    };
    const result = await previewOf(base, { ...base, "chart/values.yaml": "name: second\n" });
    assert.deepEqual(
      told(result),
      [
        "first removed -Application/first =ConfigMap/a",
        "second added +Application/second =ConfigMap/a",
        "root changed ~ApplicationSet/set",
      ].toSorted(),
    );
  });

  it("end with an error when they go round in circles without end", async () => {
    const files: Files = {
      "root.yaml": parent("chart").replace(
        "path: chart",
        "path: chart, helm: {parameters: [{name: suffix, value: x}]}",
      ),
      "chart/Chart.yaml": "apiVersion: v2\nname: loop\nversion: 1.0.0\n",
      "chart/templates/next.yaml": `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: "root{{ .Values.suffix }}"}
spec:
  destination: {namespace: argocd}
  source: {repoURL: ${repositoryUrl}, path: chart, helm: {parameters: [{name: suffix, value: "{{ .Values.suffix }}x"}]}}
`,
    };
    assert.match(problemsOf(await previewOf({}, files)).join(), /more than 16 generations/);
  });
});

describe("secrets", () => {
  it("never show a value or its length in any part of the result", async () => {
    const secret = (value: string) =>
      `apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {a: ${Buffer.from(value).toString("base64")}}\nstringData: {b: ${value}}\n`;
    const base: Files = { "apps.yaml": applicationText(), "app/s.yaml": secret("hunter2") };
    const result = await previewOf(base, { ...base, "app/s.yaml": secret("correct-horse-battery") });
    assert.deepEqual(told(result), ["shop changed ~Secret/s"]);
    const text = JSON.stringify(result);
    for (const value of ["hunter2", "correct-horse-battery"]) {
      assert.ok(!text.includes(value));
      assert.ok(!text.includes(Buffer.from(value).toString("base64")));
    }
    assert.deepEqual(changedLines(result), [
      "-  a: (hidden value 1)",
      "-  b: (hidden value 1)",
      "+  a: (hidden value 2)",
      "+  b: (hidden value 2)",
    ]);
  });
});
