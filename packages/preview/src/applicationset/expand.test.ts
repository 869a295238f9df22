import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { helmFunctionTable } from "@fairway/helm";
import { decode } from "@fairway/yaml";
import { valueAt } from "../json-value.ts";
import { manifestOf, type Manifest } from "../manifest.ts";
import { SteadyEnvironment } from "../source/steady-environment.ts";
import { expandApplicationSet } from "./expand.ts";
import { applicationSetFunctions } from "./set-functions.ts";

const world = {
  functions: applicationSetFunctions(helmFunctionTable(new SteadyEnvironment().restart("test"))),
  clusters: [],
  pullRequests: [],
  repository: () => {
    throw new Error("no repository in these tests");
  },
};

/** Expands a set in YAML; its metadata is the same in all tests. */
function expand(spec: string): readonly Manifest[] {
  const set = manifestOf(
    decode(
      `apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: set, namespace: argocd}\nspec:\n${spec}`,
    ),
  );
  assert.ok(set);
  return expandApplicationSet(set, world);
}

/** One element, one field of the template. */
function filled(text: string, element: string, options = ""): unknown {
  const [application] = expand(`  goTemplate: true
  ${options}
  generators: [{list: {elements: [${element}]}}]
  template: {metadata: {name: a, annotations: {text: ${JSON.stringify(text)}}}, spec: {}}`);
  return valueAt(application?.value, "metadata", "annotations", "text");
}

const plain = (template: string, more = "") => `  generators: [{list: {elements: [{name: shop, n.dotted: "1"}]}}]
  template: ${template}
${more}`;

describe("plain templates", () => {
  it("fill names, with and without spaces, in keys and values", () => {
    const [application] = expand(
      plain("{metadata: {name: '{{name}}-{{ n.dotted }}', labels: {'{{name}}': x}}, spec: {}}"),
    );
    assert.equal(application?.name, "shop-1");
    assert.deepEqual(valueAt(application?.value, "metadata", "labels"), { shop: "x" });
  });

  it("leave what they don't know as it is", () => {
    const [application] = expand(
      plain("{metadata: {name: a}, spec: {project: '{{ unknown }}{{}}{{name', sourceX: '{{a.b}}'}}"),
    );
    assert.deepEqual(application?.value["spec"], { project: "{{ unknown }}{{}}{{name", sourceX: "{{a.b}}" });
  });
});

describe("Go templates", () => {
  it("have the functions of Sprig", () => assert.equal(filled("{{ .name | upper | trunc 2 }}", "{name: shop}"), "SH"));

  it("have the functions that Argo CD adds", () => {
    assert.equal(filled("{{ normalize .name }}", "{name: Feat/My_App.}"), "feat-my-app");
    assert.equal(filled("{{ slugify .name }}", "{name: Feat/My_App.}"), "feat-my-app");
    assert.equal(filled("{{ slugify 9 true .name }}", "{name: fancy-search}"), "fancy");
    assert.equal(filled("{{ slugify 9 false .name }}", "{name: fancy-search}"), "fancy-sea");
    assert.equal(filled("{{ .value | toYaml }}", "{value: {b: [1], a: x}}"), "a: x\nb:\n- 1");
  });

  it("can't learn of the environment or the network", () => {
    for (const name of ["env", "expandenv", "getHostByName"]) {
      assert.throws(() => filled(`{{ ${name} "HOME" }}`, "{name: a}"), new RegExp(`function "${name}" not defined`));
    }
  });

  it("print nothing, or fail, for a missing key as goTemplateOptions say", () => {
    assert.equal(filled("{{ .missing }}", "{name: a}"), "<no value>");
    assert.throws(
      () => filled("{{ .missing }}", "{name: a}", "goTemplateOptions: [missingkey=error]"),
      /map has no entry for key "missing"/,
    );
    assert.throws(() => filled("x", "{name: a}", "goTemplateOptions: [other=1]"), /unknown goTemplateOption "other=1"/);
  });

  it("keep the types of list elements", () =>
    assert.equal(filled("{{ if .enabled }}{{ add .count 1 }}{{ end }}", "{enabled: true, count: 41}"), "42"));
});

describe("the Application of a set", () => {
  const finalizer = "resources-finalizer.argocd.argoproj.io";
  const finalizersOf = (spec: string) => valueAt(expand(spec)[0]?.value, "metadata", "finalizers");

  it("gets the finalizer that deletes what it deployed, unless told otherwise", () => {
    const template = "{metadata: {name: a}, spec: {}}";
    assert.deepEqual(finalizersOf(plain(template)), [finalizer]);
    assert.deepEqual(finalizersOf(plain(template, "  syncPolicy: {preserveResourcesOnDeletion: false}")), [finalizer]);
    assert.equal(finalizersOf(plain(template, "  syncPolicy: {preserveResourcesOnDeletion: true}")), undefined);
    assert.deepEqual(finalizersOf(plain("{metadata: {name: a, finalizers: [own]}, spec: {}}")), ["own"]);
  });

  it("stays in the namespace of its set", () => {
    const [application] = expand(plain("{metadata: {name: a, namespace: elsewhere}, spec: {}}"));
    assert.equal(application?.namespace, "argocd");
  });

  it("needs a name", () =>
    assert.throws(
      () => expand(plain("{metadata: {}, spec: {}}")),
      /ApplicationSet set gives an Application without a name/,
    ));

  it("takes the template of its generator before that of the set", () => {
    const [application] = expand(`  generators:
  - list:
      elements: [{name: shop}]
      template: {metadata: {labels: {of: generator}}, spec: {project: own, source: {path: 'own/{{name}}'}}}
  template: {metadata: {name: '{{name}}', labels: {of: set, kept: 'yes'}}, spec: {project: all, source: {path: x, repoURL: r}}}`);
    assert.deepEqual(valueAt(application?.value, "metadata", "labels"), { of: "generator", kept: "yes" });
    assert.deepEqual(application?.value["spec"], { project: "own", source: { path: "own/shop", repoURL: "r" } });
  });

  it("is patched by templatePatch, but stays in its project", () => {
    const [application] = expand(`  goTemplate: true
  generators: [{list: {elements: [{name: shop, prune: true, files: [a.yaml, b.yaml]}]}}]
  template: {metadata: {name: '{{.name}}'}, spec: {project: safe, info: [{name: x}], source: {path: p, chart: c}}}
  templatePatch: |
    spec:
      project: taken-over
      info: []
      source:
        chart: null
        helm:
          valueFiles:
          {{- range .files }}
          - {{ . }}
          {{- end }}
      {{- if .prune }}
      syncPolicy: {automated: {prune: true}}
      {{- end }}`);
    assert.deepEqual(application?.value["spec"], {
      project: "safe",
      info: [],
      source: { path: "p", helm: { valueFiles: ["a.yaml", "b.yaml"] } },
      syncPolicy: { automated: { prune: true } },
    });
  });
});
