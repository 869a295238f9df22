import assert from "node:assert/strict";
import test from "node:test";
import { KustomizeError, buildKustomization, limits } from "./index.ts";
import type { BuildOptions, HelmChartSource, HelmRenderOptions, HelmRenderer, RemoteSource } from "./index.ts";
import { caseRoot, memoryFiles } from "../tests/case-file.ts";

function files(contents: Readonly<Record<string, string>>): BuildOptions["files"] {
  return memoryFiles(new Map(Object.entries(contents)));
}

async function codeOf(
  contents: Readonly<Record<string, string>>,
  options: Partial<BuildOptions> = {},
): Promise<string> {
  try {
    await buildKustomization(caseRoot, { files: files(contents), ...options });
  } catch (error) {
    if (error instanceof KustomizeError) return error.code;
    throw error;
  }
  return "built";
}

const configMap = (name: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n`;

class FakeHelm implements HelmRenderer {
  readonly asked: { chart: HelmChartSource; options: HelmRenderOptions }[] = [];

  async values(): Promise<string> {
    return "replicas: 1\nimage: {name: web, tag: v1}\n";
  }

  async render(chart: HelmChartSource, options: HelmRenderOptions): Promise<string> {
    this.asked.push({ chart, options });
    return `---\n${configMap("chart")}---\n# a template that came out empty\n---\n${configMap("more")}`;
  }
}

test("charts are rendered by the port and their objects go through the transformers", async () => {
  const helm = new FakeHelm();
  const { text } = await buildKustomization(caseRoot, {
    files: files({
      "kustomization.yaml":
        "namePrefix: p-\nhelmCharts: [{name: web, repo: https://charts.example, version: 1.0.0, releaseName: r}]\n",
    }),
    helm,
  });
  assert.match(text, /name: p-chart/);
  assert.match(text, /name: p-more/);
  assert.equal(helm.asked[0]?.chart.directory, undefined);
  assert.equal(helm.asked[0]?.options.releaseName, "r");
});

test("inline values win over those of the chart, lose against them with merge, and stand alone with replace", async () => {
  const valuesFor = async (merge: string): Promise<string | undefined> => {
    const helm = new FakeHelm();
    const chart = `{name: web, repo: r, valuesMerge: ${merge}, valuesInline: {replicas: 3, image: {tag: null}, extra: x}}`;
    await buildKustomization(caseRoot, { files: files({ "kustomization.yaml": `helmCharts: [${chart}]\n` }), helm });
    return helm.asked[0]?.options.values[0];
  };
  assert.equal(await valuesFor("override"), "extra: x\nimage:\n  name: web\nreplicas: 3\n");
  assert.equal(await valuesFor("merge"), "extra: x\nimage:\n  name: web\n  tag: v1\nreplicas: 1\n");
  assert.equal(await valuesFor("replace"), "extra: x\nimage:\n  tag: null\nreplicas: 3\n");
});

test("a chart of the files is given with its directory", async () => {
  const helm = new FakeHelm();
  await buildKustomization(caseRoot, {
    files: files({
      "kustomization.yaml": "helmGlobals: {chartHome: charts-here}\nhelmCharts: [{name: web}]\n",
      "charts-here/web/Chart.yaml": "name: web\n",
    }),
    helm,
  });
  assert.equal(helm.asked[0]?.chart.directory, `${caseRoot}/charts-here/web`);
});

test("a chart that is neither in the files nor has a repository is refused", async () => {
  const contents = { "kustomization.yaml": "helmCharts: [{name: web}]\n" };
  assert.equal(await codeOf(contents, { helm: new FakeHelm() }), "load");
  assert.equal(await codeOf(contents), "unsupported");
});

const remote: RemoteSource = {
  file: async (url) => (url.endsWith(".yaml") ? Buffer.from(configMap("remote-file")) : undefined),
  directory: async (url) => ({
    files: memoryFiles(
      new Map([
        ["deploy/kustomization.yaml", "resources: [cm.yaml]\n"],
        ["deploy/cm.yaml", configMap("remote-base")],
        ["escaping/kustomization.yaml", "resources: [../../outside]\n"],
      ]),
    ),
    directory: `${caseRoot}/${url.includes("escaping") ? "escaping" : "deploy"}`,
    top: caseRoot,
    repo: "https://example.com/org/repo",
    ref: "v1",
  }),
};

test("files and bases are fetched by the remote port, and annotated with where they come from", async () => {
  const { text } = await buildKustomization(caseRoot, {
    files: files({
      "kustomization.yaml":
        "buildMetadata: [originAnnotations]\n" +
        "resources: [https://example.com/file.yaml, 'https://example.com/org/repo//deploy?ref=v1']\n",
    }),
    remote,
  });
  assert.match(text, /name: remote-file/);
  assert.match(text, /path: deploy\/cm\.yaml\n {6}repo: https:\/\/example\.com\/org\/repo\n {6}ref: v1/);
});

test("a fetched base may not lead out of its repository", async () => {
  const contents = { "kustomization.yaml": "resources: ['https://example.com/org/repo//escaping']\n" };
  const code = await codeOf(contents, { remote });
  assert.ok(code === "security" || code === "load", code);
});

test("URLs are refused without a remote port, by a message that names them", async () => {
  const contents = { "kustomization.yaml": "resources: ['https://example.com/file.yaml']\n" };
  assert.equal(await codeOf(contents), "unsupported");
});

test("bases that go too deep, and chains that double, end with a limit", async () => {
  const deep: Record<string, string> = {};
  for (let level = 0; level <= limits.depthMax + 3; level++) {
    deep[`${level === 0 ? "" : `l${level}/`}kustomization.yaml`] =
      `resources: [${level === 0 ? "" : "../"}l${level + 1}]\n`;
  }
  assert.equal(await codeOf(deep), "limit");
  const doubling: Record<string, string> = {};
  for (let level = 0; level < 14; level++) {
    const next = `${level === 0 ? "" : "../"}l${level + 1}`;
    doubling[`${level === 0 ? "" : `l${level}/`}kustomization.yaml`] = `resources: [${next}, ${next}]\n`;
  }
  doubling["l14/kustomization.yaml"] = "resources: []\n";
  assert.equal(await codeOf(doubling), "limit");
});

test("warnings say which deprecated fields are used and which variables are not", async () => {
  const { warnings } = await buildKustomization(caseRoot, {
    files: files({
      "kustomization.yaml":
        "commonLabels: {a: b}\nresources: [a.yaml]\n" +
        "vars: [{name: X, objref: {kind: ConfigMap, name: cm, apiVersion: v1}}]\n",
      "a.yaml": configMap("cm"),
    }),
  });
  assert.equal(warnings.length, 3);
  assert.match(warnings[0] ?? "", /'commonLabels' is deprecated/);
  assert.equal(warnings[2], "well-defined vars that were never replaced: X");
});

test("symbolic links are followed by the port, and may not lead out of the root", async () => {
  const plain = files({ "app/kustomization.yaml": "resources: [link.yaml]\n", "secret.yaml": configMap("cm") });
  const linked = {
    ...plain,
    realPath: (path: string) =>
      path.endsWith("link.yaml")
        ? `${caseRoot}/secret.yaml`
        : plain.list(path) !== undefined || plain.read(path) !== undefined
          ? path
          : undefined,
  };
  await assert.rejects(
    buildKustomization(`${caseRoot}/app`, { files: linked }),
    /security; file '\/case\/app\/link.yaml'/,
  );
});

test("objects are returned as values, keys named __proto__ included", async () => {
  const { resources, text } = await buildKustomization(caseRoot, {
    files: files({
      "kustomization.yaml": "resources: [a.yaml]\n",
      "a.yaml": `${configMap("cm")}data: {__proto__: x}\n`,
    }),
  });
  const data = resources[0]?.["data"];
  assert.ok(typeof data === "object" && data !== null && Object.hasOwn(data, "__proto__"));
  assert.match(text, /__proto__: x/);
});
