import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { PreviewError } from "../errors.ts";
import {
  applicationText,
  changedLines,
  configMap,
  previewOf,
  problemsOf,
  repositoryUrl,
  snapshotOf,
  told,
  type ApplicationText,
  type Files,
} from "../tests/memory-world.ts";
import type { PreviewWorld } from "../world.ts";

type Options = Partial<PreviewWorld>;

/** The objects that an application deploys, as they are shown when it is new. */
async function deployed(source: string, files: Files, options: Options = {}, more: ApplicationText = {}) {
  const head = { ...files, "apps.yaml": applicationText({ source, ...more }) };
  const result = await previewOf({}, head, options);
  assert.deepEqual(problemsOf(result), []);
  const [application] = result.applications;
  return (application?.objects ?? [])
    .filter((each) => each.kind !== "Application")
    .map(({ kind, name, lines }) => ({
      name: `${kind}/${name}`,
      text: (lines ?? []).map((line) => line.text).join("\n"),
    }));
}

async function names(source: string, files: Files, options: Options = {}): Promise<readonly string[]> {
  return (await deployed(source, files, options)).map((each) => each.name);
}

async function failure(source: string, files: Files, options: Options = {}, more: ApplicationText = {}) {
  const head = { ...files, "apps.yaml": applicationText({ source, ...more }) };
  const result = await previewOf({}, head, options);
  assert.equal(result.totals.failed, 1);
  return problemsOf(result).join("\n");
}

/** A chart with one ConfigMap that holds the values. */
function chart(name: string, values = "a: chart\n", folder = "chart"): Files {
  return {
    [`${folder}/Chart.yaml`]: `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n`,
    [`${folder}/values.yaml`]: values,
    [`${folder}/templates/map.yaml`]: `apiVersion: v1
kind: ConfigMap
metadata: {name: ${name}-{{ .Release.Name }}}
data: {values: {{ omit .Values "global" | toJson | quote }}}
`,
  };
}

async function valuesOf(helm: string, files: Files = {}, options: Options = {}): Promise<unknown> {
  const [object] = await deployed(`path: chart, helm: ${helm}`, { ...chart("c"), ...files }, options);
  const quoted = /values: '(.*)'/.exec(object?.text ?? "")?.[1];
  return JSON.parse(quoted ?? "null");
}

/** A tar archive of files, gzipped, as charts are packaged. */
function archive(files: Files): Uint8Array {
  const blocks = Object.entries(files).flatMap(([path, content]) => {
    const data = Buffer.from(content);
    const header = Buffer.alloc(512);
    header.write(path, 0);
    header.write("0000644\0", 100);
    header.write(`${data.length.toString(8).padStart(11, "0")}\0`, 124);
    header.write("ustar\x0000", 257);
    header.write("0", 156);
    const sum = header.fill(" ", 148, 156).reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    return [header, data, Buffer.alloc((512 - (data.length % 512)) % 512)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

const packaged: PreviewWorld["chart"] = async ({ repository, name, version }) => {
  if (!repository.includes("charts.example.com")) throw new PreviewError("unreachable", `no chart ${name} offline`);
  const files = { ...chart(name, "a: packaged\n", name), [`${name}/values-small.yaml`]: "size: small\n" };
  return { archive: archive(files), version, digest: `${name}@${version}` };
};

describe("directory sources", () => {
  const files: Files = {
    "app/a.yaml": configMap("a"),
    "app/b.json": `{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "b"}}`,
    "app/deep/c.yml": configMap("c"),
    "app/deep/skipped.yaml": `# +argocd:skip-file-rendering\n${configMap("skipped")}`,
    "app/README.md": "kind: no manifest",
    "app/values.yaml": "replicas: 1\n",
  };
  it("take the manifests of the folder itself", async () =>
    assert.deepEqual(await names("path: app", files), ["ConfigMap/a", "ConfigMap/b"]));
  it("go down with recurse, and pass over files that ask for it", async () =>
    assert.deepEqual(await names("path: ./app/, directory: {recurse: true}", files), [
      "ConfigMap/a",
      "ConfigMap/b",
      "ConfigMap/c",
    ]));
  it("include and exclude by patterns, where a star goes through folders", async () => {
    const select = (settings: string) => names(`path: app, directory: {recurse: true, ${settings}}`, files);
    assert.deepEqual(await select("include: '*.yml'"), ["ConfigMap/c"]);
    assert.deepEqual(await select("exclude: 'deep/*'"), ["ConfigMap/a", "ConfigMap/b"]);
    assert.deepEqual(await select("include: '{a,b}.*', exclude: '*.json'"), ["ConfigMap/a"]);
  });
  it("refuse Jsonnet and plugins by name", async () => {
    assert.match(
      await failure("path: app", { "app/main.jsonnet": "{}" }),
      /app\/main\.jsonnet: Jsonnet is not rendered/,
    );
    assert.match(await failure("path: app, plugin: {name: x}", files), /config management plugins/);
  });
  it("say which folder is missing", async () =>
    assert.match(await failure("path: gone", files), /gone: app path does not exist in head/));
  it("stay inside the repository", async () =>
    assert.match(await failure("path: ../etc", files), /app path does not exist/));
});

describe("Helm sources", () => {
  it("are charts in a folder, with hooks, and CRDs unless they are skipped", async () => {
    const files: Files = {
      ...chart("c"),
      "chart/crds/crd.yaml":
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: x}\n",
      "chart/templates/hook.yaml":
        "apiVersion: batch/v1\nkind: Job\nmetadata: {name: h, annotations: {helm.sh/hook: pre-install}}\n",
      "chart/templates/test.yaml":
        "apiVersion: v1\nkind: Pod\nmetadata: {name: t, annotations: {helm.sh/hook: test}}\n",
    };
    assert.deepEqual((await names("path: chart", files)).toSorted(), [
      "ConfigMap/c-shop",
      "CustomResourceDefinition/x",
      "Job/h",
      "Pod/t",
    ]);
    assert.deepEqual(
      (await names("path: chart, helm: {skipCrds: true, skipTests: true, releaseName: r}", files)).toSorted(),
      ["ConfigMap/c-r", "Job/h"],
    );
  });

  it("apply value files in their order, then values, and valuesObject instead of values", async () => {
    const files: Files = { "chart/one.yaml": "a: one\nb: one\n", "envs/two.yaml": "b: two\n" };
    const valueFiles = "valueFiles: [one.yaml, /envs/two.yaml]";
    assert.deepEqual(await valuesOf(`{${valueFiles}}`, files), { a: "one", b: "two" });
    assert.deepEqual(await valuesOf("{valueFiles: [../envs/two.yaml, one.yaml]}", files), { a: "one", b: "one" });
    assert.deepEqual(await valuesOf(`{${valueFiles}, values: "b: three"}`, files), { a: "one", b: "three" });
    assert.deepEqual(await valuesOf(`{${valueFiles}, values: "b: three", valuesObject: {b: four}}`, files), {
      a: "one",
      b: "four",
    });
  });

  it("set parameters over everything, as strings when forced", async () => {
    const parameters =
      "parameters: [{name: a, value: '1'}, {name: b, value: '1', forceString: true}, {name: c, value: 'x,y'}, {name: d, value: '{p,q}'}, {name: e, value: $ARGOCD_APP_NAME}]";
    assert.deepEqual(await valuesOf(`{values: "a: no", ${parameters}}`), {
      a: 1,
      b: "1",
      c: "x,y",
      d: ["p", "q"],
      e: "shop",
    });
  });

  it("read file parameters", async () => {
    const helm = "{fileParameters: [{name: a, path: files/text.txt}]}";
    assert.deepEqual(await valuesOf(helm, { "chart/files/text.txt": "long, text\n" }), { a: "long, text\n" });
    assert.match(
      await failure(`path: chart, helm: ${helm}`, chart("c")),
      /file parameter files\/text\.txt does not exist/,
    );
  });

  it("find value files by pattern and by variables", async () => {
    const files: Files = { "envs/a.yaml": "x: a\n", "envs/b.yaml": "x: b\n", "envs/shop.yml": "name: shop\n" };
    assert.deepEqual(await valuesOf("{valueFiles: [/envs/*.yaml]}", files), { a: "chart", x: "b" });
    assert.deepEqual(await valuesOf("{valueFiles: ['/envs/${ARGOCD_APP_NAME}.yml']}", files), {
      a: "chart",
      name: "shop",
    });
  });

  it("miss a value file only when they are told to", async () => {
    assert.match(
      await failure("path: chart, helm: {valueFiles: [gone.yaml]}", chart("c")),
      /value file gone\.yaml does not exist/,
    );
    assert.deepEqual(await valuesOf("{valueFiles: [gone.yaml], ignoreMissingValueFiles: true}"), { a: "chart" });
    assert.match(
      await failure("path: chart, helm: {valueFiles: [../../x.yaml]}", chart("c")),
      /leads outside the repository/,
    );
    assert.match(
      await failure("path: chart, helm: {valueFiles: ['https://x.example.com/v.yaml']}", chart("c")),
      /not fetched/,
    );
  });

  it("have dependencies in the repository and from elsewhere", async () => {
    const declared = (dependency: string) => `apiVersion: v2\nname: c\nversion: 1.0.0\ndependencies: [${dependency}]\n`;
    const local: Files = {
      ...chart("c"),
      ...chart("library", "a: library\n", "libraries/library"),
      "chart/Chart.yaml": declared("{name: library, version: 1.0.0, repository: file://../libraries/library}"),
    };
    assert.deepEqual((await names("path: chart", local)).toSorted(), ["ConfigMap/c-shop", "ConfigMap/library-shop"]);
    const remote: Files = {
      ...chart("c"),
      "chart/Chart.yaml": declared("{name: redis, version: ^1, repository: 'https://charts.example.com'}"),
      "chart/Chart.lock": "dependencies: [{name: redis, version: 1.0.0, repository: 'https://charts.example.com'}]\n",
    };
    assert.deepEqual((await names("path: chart", remote, { chart: packaged })).toSorted(), [
      "ConfigMap/c-shop",
      "ConfigMap/redis-shop",
    ]);
    const gone = {
      ...local,
      "chart/Chart.yaml": declared("{name: library, version: 1.0.0, repository: file://../gone}"),
    };
    assert.match(await failure("path: chart", gone), /dependency library of chart: file:\/\/\.\.\/gone is not in head/);
    const named = { ...local, "chart/Chart.yaml": declared("{name: x, version: 1.0.0, repository: '@stable'}") };
    assert.match(await failure("path: chart", named), /dependency x of chart names the repository "@stable"/);
  });

  it("see a change in a dependency of the repository", async () => {
    const base: Files = {
      ...chart("c"),
      ...chart("library", "a: library\n", "library"),
      "chart/Chart.yaml":
        "apiVersion: v2\nname: c\nversion: 1.0.0\ndependencies: [{name: library, version: 1.0.0, repository: file://../library}]\n",
      "apps.yaml": applicationText({ source: "path: chart" }),
    };
    const result = await previewOf(base, { ...base, "library/values.yaml": "a: changed\n" });
    assert.deepEqual(told(result), ["shop changed ~ConfigMap/library-shop ~ConfigMap/c-shop"]);
  });

  it("say where a template fails", async () => {
    const broken = { ...chart("c"), "chart/templates/bad.yaml": 'a: {{ required "tell me" .Values.gone }}\n' };
    assert.match(await failure("path: chart", broken), /c\/templates\/bad\.yaml:1.*tell me/s);
  });

  it("give the same random values and the same time on both sides", async () => {
    const base: Files = {
      ...chart("c"),
      "chart/templates/random.yaml":
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: r}\ndata: {p: '{{ randAlphaNum 20 }}', t: '{{ now }}'}\n",
      "apps.yaml": applicationText({ source: "path: chart" }),
    };
    assert.deepEqual(told(await previewOf(base, { ...base, "chart/values.yaml": "a: other\n" })), [
      "shop changed ~ConfigMap/c-shop",
    ]);
  });
});

describe("packaged charts", () => {
  const remote = "chart: redis, targetRevision: 1.2.3";
  const sourceOf = (url: string) => applicationText({ source: remote }).replace(repositoryUrl, url);

  it("come from their repository", async () => {
    const files = { "apps.yaml": sourceOf("https://charts.example.com") };
    const result = await previewOf({}, files, { chart: packaged });
    assert.deepEqual(told(result), ["shop added +Application/shop +ConfigMap/redis-shop"]);
  });

  it("may bring value files of their own", async () => {
    const files = (name: string) => ({
      "apps.yaml": applicationText({ source: `${remote}, helm: {valueFiles: [${name}]}` }).replace(
        repositoryUrl,
        "https://charts.example.com",
      ),
    });
    const result = await previewOf({}, files("values-small.yaml"), { chart: packaged });
    assert.match(changedLines(result).join(), /"a":"packaged","size":"small"/);
    const missing = await previewOf({}, files("values-large.yaml"), { chart: packaged });
    assert.match(problemsOf(missing).join(), /value file values-large\.yaml does not exist/);
  });

  it("that can't be had are a problem of their application and hide no other", async () => {
    const other = applicationText({ name: "other" });
    const base: Files = {
      "apps.yaml": `${sourceOf("https://unreachable.example.com")}---\n${other}`,
      "app/a.yaml": configMap("a"),
    };
    const result = await previewOf(base, { ...base, "app/a.yaml": configMap("a", "{a: two}") }, { chart: packaged });
    assert.deepEqual(told(result), ["other changed ~ConfigMap/a", "shop failed"]);
    assert.deepEqual(problemsOf(result), [
      "error shop@base: no chart redis offline",
      "error shop@head: no chart redis offline",
    ]);
  });

  it("take values from a source with a ref", async () => {
    const sources = (version: string) => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop}
spec:
  destination: {namespace: shop}
  sources:
  - {repoURL: https://charts.example.com, chart: redis, targetRevision: ${version}, helm: {valueFiles: [$values/envs/prod.yaml]}}
  - {repoURL: ${repositoryUrl}, targetRevision: main, ref: values}
  - {repoURL: ${repositoryUrl}, path: extra}
`;
    const base: Files = { "apps.yaml": sources("1.2.3"), "envs/prod.yaml": "b: one\n", "extra/x.yaml": configMap("x") };
    const result = await previewOf(base, { ...base, "envs/prod.yaml": "b: two\n" }, { chart: packaged });
    assert.deepEqual(told(result), ["shop changed ~ConfigMap/redis-shop"]);
    assert.match(changedLines(result).join(), /-.*"b":"one".*\+.*"a":"packaged","b":"two"/);
    const wrong = { ...base, "apps.yaml": sources("1.2.3").replace("$values/", "$others/") };
    assert.match(problemsOf(await previewOf({}, wrong, { chart: packaged })).join(), /no source has the ref "others"/);
  });
});

describe("revisions of sources", () => {
  const pinned = snapshotOf({ "app/a.yaml": configMap("a", "{a: pinned}") }, "v1");
  const options: Options = { pinnedRevision: async (revision) => (revision === "v1" ? pinned : undefined) };
  const base = (revision: string): Files => ({
    "apps.yaml": applicationText({ source: `path: app, targetRevision: ${revision}` }),
    "app/a.yaml": configMap("a"),
  });

  it("a branch is what is under preview", async () => {
    const result = await previewOf(
      base("main"),
      { ...base("main"), "app/a.yaml": configMap("a", "{a: two}") },
      options,
    );
    assert.deepEqual(told(result), ["shop changed ~ConfigMap/a"]);
  });

  it("a tag stays what it is, whatever changes", async () => {
    const result = await previewOf(base("v1"), { ...base("v1"), "app/a.yaml": configMap("a", "{a: two}") }, options);
    assert.deepEqual(told(result), []);
  });

  it("a move from a branch to a tag shows both", async () => {
    const result = await previewOf(base("main"), base("v1"), options);
    assert.deepEqual(told(result), ["shop changed ~Application/shop ~ConfigMap/a"]);
  });

  it("another repository is asked for at its own revision", async () => {
    const asked: string[] = [];
    const otherRepository: PreviewWorld["otherRepository"] = async (url, revision) => {
      asked.push(`${url}@${revision}`);
      return pinned;
    };
    const files = {
      "apps.yaml": base("v7")["apps.yaml"]?.toString().replace(repositoryUrl, "https://git.example.com/o.git") ?? "",
    };
    assert.deepEqual(told(await previewOf({}, files, { otherRepository })), [
      "shop added +Application/shop +ConfigMap/a",
    ]);
    assert.deepEqual(asked, ["https://git.example.com/o.git@v7"]);
  });

  it("one repository has many addresses", async () => {
    for (const url of [
      "git@git.example.com:shop/state.git",
      "ssh://git@git.example.com:22/shop/state",
      "HTTPS://git.example.com/shop/state/",
    ]) {
      const files = { ...base("main"), "apps.yaml": applicationText().replace(repositoryUrl, url) };
      assert.deepEqual(told(await previewOf({}, files)), ["shop added +Application/shop +ConfigMap/a"], url);
    }
  });
});

describe("Kustomize sources", () => {
  const files: Files = {
    "overlay/kustomization.yaml":
      "resources: [../base]\nimages: [{name: web, newTag: old}, {name: side, newTag: kept}]\n",
    "base/kustomization.yaml": "resources: [deployment.yaml]\n",
    "base/deployment.yaml": `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: web}, {name: side, image: side}]}
`,
  };
  const built = async (settings: string) => {
    const [object] = await deployed(`path: overlay, kustomize: ${settings}`, files);
    return object ?? { name: "", text: "" };
  };

  it("are built with what the Application sets", async () => {
    assert.equal((await built("{namePrefix: a-, nameSuffix: -b}")).name, "Deployment/a-web-b");
    const { text } = await built(
      "{images: ['web=registry.example.com:5000/new:1.2'], replicas: [{name: web, count: 3}]}",
    );
    assert.match(text, /image: registry\.example\.com:5000\/new:1\.2/);
    assert.match(text, /image: side:kept/);
    assert.match(text, /replicas: 3/);
    assert.match((await built("{images: ['web@sha256:0000']}")).text, /image: web@sha256:0000/);
  });

  it("get labels and annotations, with variables when asked", async () => {
    const { text } = await built(
      "{commonLabels: {team: x}, labelWithoutSelector: true, commonAnnotations: {app: $ARGOCD_APP_NAME}, commonAnnotationsEnvsubst: true}",
    );
    assert.match(text, /annotations:\n {4}app: shop/);
    assert.match(text, /labels:\n {4}team: x/);
    assert.doesNotMatch(text, /matchLabels:\n {6}app: web\n {6}team/);
    assert.match((await built("{commonLabels: {team: x}}")).text, /matchLabels:\n {6}app: web\n {6}team: x/);
  });

  it("take patches and namespaces", async () => {
    const { text } = await built(
      '{namespace: other, patches: [{target: {kind: Deployment}, patch: \'[{"op": "replace", "path": "/spec/replicas", "value": 7}]\'}]}',
    );
    assert.match(text, /namespace: other/);
    assert.match(text, /replicas: 7/);
  });

  it("say what is wrong with a kustomization", async () =>
    assert.match(
      await failure("path: overlay", { "overlay/kustomization.yaml": "resources: [gone.yaml]\n" }),
      /gone\.yaml/,
    ));
});

describe(".argocd-source.yaml", () => {
  it("changes the settings of the source, for all applications and then for the one it names", async () => {
    const files: Files = {
      "chart/.argocd-source.yaml": "helm: {parameters: [{name: a, value: all}], releaseName: r}\n",
      "chart/.argocd-source-shop.yaml": "helm: {parameters: [{name: a, value: one}]}\n",
      "chart/.argocd-source-other.yaml": "helm: {parameters: [{name: a, value: other}]}\n",
    };
    assert.deepEqual(await valuesOf("{parameters: [{name: b, value: gone}]}", files), { a: "one" });
    assert.deepEqual(await names("path: chart", { ...chart("c"), ...files }), ["ConfigMap/c-r"]);
  });
});
