import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { loadChartFolder } from "./chart/load-chart.ts";
import type { Chart } from "./chart/chart.ts";
import { HelmError } from "./errors.ts";
import { formatTemplateOutput } from "./output/template-output.ts";
import { renderChart } from "./render-chart.ts";

const encoder = new TextEncoder();

function chartOf(files: Readonly<Record<string, string>>): Chart {
  const all = { "Chart.yaml": "apiVersion: v2\nname: demo\nversion: 1.0.0\n", ...files };
  return loadChartFolder(new Map(Object.entries(all).map(([name, text]) => [name, encoder.encode(text)])));
}

function render(template: string, helpers = ""): string {
  const chart = chartOf({ "templates/x.yaml": template, "templates/_helpers.tpl": helpers });
  return formatTemplateOutput(renderChart(chart, { releaseName: "demo" }));
}

function stops(template: string, helpers: string, message: RegExp): void {
  assert.throws(
    () => render(template, helpers),
    (error) => {
      assert.ok(error instanceof HelmError);
      assert.equal(error.code, "template-failed");
      assert.match(error.message, message);
      assert.match(error.message, /demo\/templates\/(?:x\.yaml|_helpers\.tpl):\d+/u);
      return true;
    },
  );
}

describe("a template that would not end is stopped with its name and line", () => {
  test("when it includes itself", () => {
    stops(
      '{{ include "a" . }}',
      '{{ define "a" }}{{ include "a" . }}{{ end }}',
      /nested reference name|template depth/u,
    );
  });

  test("when two include one another", () => {
    const helpers = '{{ define "a" }}{{ include "b" . }}{{ end }}\n{{ define "b" }}{{ include "a" . }}{{ end }}';
    stops('{{ include "a" . }}', helpers, /nested reference name|template depth/u);
  });

  test("when it calls itself as a template", () => {
    stops('{{ template "a" . }}', '{{ define "a" }}{{ template "a" . }}{{ end }}', /template depth/u);
  });

  test("when a text of tpl runs itself", () => {
    stops('{{ tpl .Chart.Description . }}{{ $t := "{{ tpl .t . }}" }}{{ tpl $t (dict "t" $t) }}', "", /depth|tpl/u);
  });

  test("when its loops multiply", () => {
    const nested = `${"{{ range until 1000 }}".repeat(5)}x${"{{ end }}".repeat(5)}`;
    stops(nested, "", /steps|characters/u);
  });

  test("when its output doubles and doubles", () => {
    const lines = Array.from({ length: 40 }, (_unused, at) => {
      const next = `{{ include "d${at + 1}" . }}`;
      return `{{ define "d${at}" }}${next}${next}{{ end }}`;
    });
    stops(
      '{{ include "d0" . }}',
      `${lines.join("\n")}{{ define "d40" }}${"x".repeat(1000)}{{ end }}`,
      /steps|characters/u,
    );
  });
});

describe("a chart", () => {
  test("can be rendered again and again without a trace of the render before", () => {
    const chart = chartOf({
      "values.yaml": "list: [1]\nmap: {a: 1}\n",
      "templates/x.yaml":
        'kind: A\nx: {{ .Values.map.b | quote }}{{ $_ := set .Values.map "b" "seen" }}{{ $_ := set .Values "n" .Release.Name }}\n',
    });
    const first = renderChart(chart, { releaseName: "one" });
    const second = renderChart(chart, { releaseName: "one" });
    assert.deepEqual(second, first);
    assert.deepEqual(chart.values, { list: [1], map: { a: 1 } });
  });

  test("gives the same text each time, whatever it asks of clock and chance", () => {
    const chart = chartOf({
      "templates/x.yaml": 'kind: A\nx: {{ randAlphaNum 12 }}\ny: {{ uuidv4 }}\nz: {{ now | date "2006" }}\n',
    });
    assert.deepEqual(renderChart(chart, { releaseName: "one" }), renderChart(chart, { releaseName: "one" }));
    const environment = { now: () => 1_700_000_000_000, randomBytes: (count: number) => new Uint8Array(count).fill(7) };
    const given = renderChart(chart, { releaseName: "one", environment });
    assert.match(given.manifests[0]?.content ?? "", /z: 2023/u);
  });

  test("does not change the values that it is given", () => {
    const chart = chartOf({
      "values.yaml": "m: {a: 1, b: 2}\n",
      "templates/x.yaml": 'kind: A\n{{ $_ := set .Values.m "c" 1 }}m: {{ toJson .Values.m }}\n',
    });
    const values = { m: { a: null } };
    const rendered = renderChart(chart, { releaseName: "one", values });
    assert.match(rendered.manifests[0]?.content ?? "", /\{"b":2,"c":1\}/u);
    assert.deepEqual(values, { m: { a: null } });
  });

  test("has no way to look up a cluster, an environment or another host", () => {
    assert.equal(
      render('kind: A\na: {{ lookup "v1" "Pod" "x" "y" | toJson }}\nb: {{ getHostByName "localhost" | quote }}\n'),
      '---\n# Source: demo/templates/x.yaml\nkind: A\na: {}\nb: ""\n',
    );
    assert.throws(() => render('{{ env "HOME" }}'), /function "env" not defined/u);
    assert.throws(() => render('{{ expandenv "$HOME" }}'), /function "expandenv" not defined/u);
  });

  test("gives its hooks with events, weight and policies apart from its resources", () => {
    const chart = chartOf({
      "templates/job.yaml": [
        "apiVersion: batch/v1",
        "kind: Job",
        "metadata:",
        "  name: migrate",
        "  annotations:",
        '    helm.sh/hook: "pre-install, pre-upgrade"',
        '    helm.sh/hook-weight: "-3"',
        "    helm.sh/hook-delete-policy: hook-succeeded",
      ].join("\n"),
      "templates/map.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: plain}\n",
      "templates/NOTES.txt": "Installed {{ .Release.Name }}",
    });
    const rendered = renderChart(chart, { releaseName: "shop" });
    assert.deepEqual(
      rendered.manifests.map(({ kind, name }) => ({ kind, name })),
      [{ kind: "ConfigMap", name: "plain" }],
    );
    const [hook] = rendered.hooks;
    assert.deepEqual(hook?.events, ["pre-install", "pre-upgrade"]);
    assert.equal(hook?.weight, -3);
    assert.deepEqual(hook?.deletePolicies, ["hook-succeeded"]);
    assert.equal(rendered.notes, "Installed shop");
  });
});
