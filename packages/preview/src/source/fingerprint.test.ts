import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { applicationOf } from "../argocd/application.ts";
import { manifestOf } from "../manifest.ts";
import { decode } from "@fairway/yaml";
import { applicationText, configMap, snapshotOf, worldOf, type Files } from "../tests/memory-world.ts";
import { ChartShelf } from "./helm-source.ts";
import { prepareApplication } from "./prepared-application.ts";

async function fingerprint(source: string, files: Files): Promise<string> {
  const manifest = manifestOf(decode(applicationText({ source })));
  assert.ok(manifest);
  const snapshot = snapshotOf(files);
  const revision = { snapshot, world: worldOf(files, files) };
  return (await prepareApplication(applicationOf(manifest), revision, new ChartShelf())).fingerprint;
}

/** For each file, whether a change of it changes the fingerprint. */
async function filesThatMatter(source: string, files: Files): Promise<readonly string[]> {
  const before = await fingerprint(source, files);
  const found: string[] = [];
  for (const [path, content] of Object.entries(files)) {
    const after = await fingerprint(source, { ...files, [path]: `${String(content)}\n# changed\n` });
    if (after !== before) found.push(path);
  }
  return found;
}

/** Files under `read` must matter, files under `unrelated` must not. */
async function check(source: string, { read, unrelated }: { read: Files; unrelated: Files }): Promise<void> {
  const found = await filesThatMatter(source, { ...unrelated, ...read });
  assert.deepEqual(found.toSorted(), Object.keys(read).toSorted());
}

const unrelated: Files = {
  "other/kustomization.yaml": "resources: [a.yaml]\n",
  "other/a.yaml": configMap("other"),
  "README.md": "about",
};

describe("the fingerprint of a kustomization changes with every file that it reads", () => {
  it("resources, bases, components and patches, wherever they lie", () =>
    check("path: overlays/prod", {
      read: {
        "overlays/prod/kustomization.yaml":
          "resources: [../../base, local.yaml, ../../shared/one.yaml]\ncomponents: [../../components/a]\npatches: [{path: patch.yaml}]\n",
        "overlays/prod/local.yaml": configMap("local"),
        "overlays/prod/patch.yaml": configMap("local", "{b: two}"),
        "base/kustomization.yml": "resources: [nested]\n",
        "base/nested/Kustomization": "resources: [a.yaml]\n",
        "base/nested/a.yaml": configMap("a"),
        "shared/one.yaml": configMap("one"),
        "components/a/kustomization.yaml": "kind: Component\nresources: [b.yaml]\n",
        "components/a/b.yaml": configMap("b"),
      },
      unrelated: {
        ...unrelated,
        "overlays/prod/unused.yaml": configMap("unused"),
        "overlays/dev/kustomization.yaml": "",
      },
    }));

  it("files and variables of generators, with and without a key", () =>
    check("path: app", {
      read: {
        "app/kustomization.yaml":
          "configMapGenerator:\n- name: a\n  files: [plain.txt, key=renamed.conf, deep/x.json]\n  envs: [vars.env]\nsecretGenerator:\n- name: s\n  files:\n  - tls.crt=certs/tls.pem\n",
        "app/plain.txt": "x",
        "app/renamed.conf": "x",
        "app/deep/x.json": "{}",
        "app/vars.env": "A=b",
        "app/certs/tls.pem": "x",
      },
      unrelated: { ...unrelated, "app/key": "x", "app/unused.txt": "x" },
    }));

  it("generators and transformers in files of their own", () =>
    check("path: app", {
      read: {
        "app/kustomization.yaml":
          "generators: [gen/maps.yaml]\nreplacements: [{path: replace.yaml}]\nconfigurations: [names.yaml]\n",
        "app/gen/maps.yaml":
          "apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: x}\nfiles: [gen/data.txt]\n",
        "app/gen/data.txt": "x",
        "app/replace.yaml": "[]",
        "app/names.yaml": "nameReference: []\n",
      },
      unrelated: { ...unrelated, "app/data.txt": "x" },
    }));

  it("charts and their values, at home and elsewhere", async () => {
    const chart = (folder: string): Files => ({
      [`${folder}/Chart.yaml`]: "apiVersion: v2\nname: web\nversion: 1.0.0\n",
      [`${folder}/templates/a.yaml`]: configMap("a"),
    });
    await check("path: app", {
      read: {
        "app/kustomization.yaml":
          "helmCharts: [{name: web, valuesFile: web.yaml, additionalValuesFiles: [../more.yaml]}]\n",
        "app/web.yaml": "a: b",
        "more.yaml": "a: c",
        ...chart("app/charts/web"),
      },
      unrelated: { ...unrelated, ...chart("app/charts/unused"), ...chart("charts/web") },
    });
    await check("path: app", {
      read: {
        "app/kustomization.yaml": "helmGlobals: {chartHome: ../../app/../library}\nhelmCharts: [{name: web}]\n".replace(
          "../../app/../",
          "../",
        ),
        ...chart("library/web"),
      },
      unrelated: { ...unrelated, ...chart("library/unused") },
    });
    await check("path: app", {
      read: {
        "app/kustomization.yaml": "generators: [gen.yaml]\n",
        "app/gen.yaml":
          "apiVersion: builtin\nkind: HelmChartInflationGenerator\nmetadata: {name: x}\nname: web\nversion: 1.0.0\nrepo: https://charts.example.com\n",
        ...chart("app/charts/web-1.0.0/web"),
      },
      unrelated: { ...unrelated, ...chart("app/charts/other-1.0.0/other") },
    });
  });

  it("the same file under two folders that its names are relative to", () =>
    check("path: app", {
      read: {
        "app/kustomization.yaml": "resources: [one, two]\n",
        "app/one/kustomization.yaml": "generators: [../gen.yaml]\n",
        "app/two/kustomization.yaml": "generators: [../gen.yaml]\n",
        "app/gen.yaml": "apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: x}\nfiles: [data.txt]\n",
        "app/one/data.txt": "x",
        "app/two/data.txt": "x",
      },
      unrelated,
    }));
});

describe("the fingerprint of other sources", () => {
  it("changes with the manifests of a folder that are chosen", () =>
    check("path: app, directory: {exclude: skipped.yaml}", {
      read: { "app/a.yaml": configMap("a"), "app/b.json": "{}" },
      unrelated: { ...unrelated, "app/skipped.yaml": "", "app/deep/c.yaml": "", "app/notes.txt": "" },
    }));

  it("changes with a chart and its value files", () =>
    check("path: chart, helm: {valueFiles: [/envs/prod.yaml, '/all/*.yaml']}", {
      read: {
        "chart/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n",
        "chart/files/data.txt": "x",
        "envs/prod.yaml": "a: b",
        "all/one.yaml": "a: b",
      },
      unrelated: { ...unrelated, "envs/dev.yaml": "a: b", "all/deep/x.yaml": "a: b" },
    }));

  it("changes with the order of value files, with a parameter and with the name of the release", async () => {
    const files: Files = {
      "chart/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n",
      "chart/a.yaml": "x: a",
      "chart/b.yaml": "x: b",
    };
    const settings = [
      "{valueFiles: [a.yaml, b.yaml]}",
      "{valueFiles: [b.yaml, a.yaml]}",
      "{releaseName: x}",
      "{parameters: [{name: a, value: b}]}",
    ];
    const found = await Promise.all(settings.map((helm) => fingerprint(`path: chart, helm: ${helm}`, files)));
    assert.equal(new Set(found).size, settings.length);
  });
});
