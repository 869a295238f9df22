// Renders a template like those of service charts, warm, here and in Go: node bench/gotemplate.ts
// Go is the real text/template in a loop of its own; without the go command only our figures are printed.
import { TemplateSet, parseTemplate } from "@fairway/gotemplate";
import { buildOracle, hasGo, runOracle } from "../packages/gotemplate/tests/go-oracle.ts";
import { decodeValue, oracleFunctions } from "../packages/gotemplate/tests/oracle-values.ts";

const seconds = 2;

const template = `{{- define "labels" }}
    app.kubernetes.io/name: {{ .name }}
    app.kubernetes.io/version: {{ .image.tag | printf "%q" }}
{{- range $key, $value := .labels }}
    {{ $key }}: {{ $value | printf "%s" | upper }}
{{- end }}
{{- end -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .name }}
  labels:
    {{- template "labels" . }}
spec:
  {{- if not .autoscaling.enabled }}
  replicas: {{ .replicas }}
  {{- end }}
  selector:
    matchLabels:
    {{- template "labels" . }}
  template:
    spec:
      {{- with .serviceAccount }}
      serviceAccountName: {{ . }}
      {{- end }}
      containers:
        {{- range $index, $container := .containers }}
        - name: {{ $.name }}-{{ $container.name }}
          image: "{{ $.image.repository }}:{{ $.image.tag }}"
          {{- if and $container.ports (gt (len $container.ports) 0) }}
          ports:
            {{- range $container.ports }}
            - name: {{ .name }}
              containerPort: {{ .port }}
              protocol: {{ or .protocol "TCP" }}
            {{- end }}
          {{- end }}
          env:
            {{- range $key, $value := $.env }}
            - name: {{ $key }}
              value: {{ printf "%v" $value | printf "%q" }}
            {{- end }}
          {{- with $container.resources }}
          resources:
            limits: { cpu: {{ .cpu }}, memory: {{ .memory }} }
          {{- else }}
          resources: {}
          {{- end }}
          {{- if eq $index 0 }}
          livenessProbe: { httpGet: { path: {{ index $.probes "path" }}, port: http } }
          {{- else if lt $index 2 }}
          # second of {{ len $.containers }}
          {{- end }}
        {{- end }}
      volumes: {{ if .volumes }}{{ range .volumes }}[{{ . }}]{{ end }}{{ else }}[]{{ end }}
`;

const ports = [
  { name: "http", port: { $: "int", v: "8080" } },
  { name: "metrics", port: { $: "int", v: "9090" }, protocol: "UDP" },
];
const data = {
  name: "orders",
  image: { repository: "registry.example/orders", tag: "1.2.3" },
  labels: { team: "orders", tier: "backend", zone: "eu" },
  autoscaling: { enabled: false },
  replicas: { $: "int", v: "3" },
  serviceAccount: "orders",
  env: Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`KEY_${index}`, `value ${index}`])),
  containers: [
    { name: "app", ports, resources: { cpu: "500m", memory: "256Mi" } },
    { name: "proxy", ports, resources: null },
    { name: "agent", ports: [] },
  ],
  probes: { path: "/healthz" },
  volumes: ["a", "b"],
};

function ours(): { perSecond: number; length: number } {
  const set = new TemplateSet({ functions: oracleFunctions });
  set.add(parseTemplate("t", template, { functions: oracleFunctions }));
  const value = decodeValue(data);
  let count = 0;
  let length = 0;
  const start = performance.now();
  while (performance.now() - start < seconds * 1000) {
    length = set.execute("t", value).length;
    count++;
  }
  return { perSecond: count / ((performance.now() - start) / 1000), length };
}

function parsesPerSecond(): number {
  let count = 0;
  const start = performance.now();
  while (performance.now() - start < seconds * 500) {
    parseTemplate("t", template, { functions: oracleFunctions });
    count++;
  }
  return count / ((performance.now() - start) / 1000);
}

const result = ours();
const milliseconds = (1000 / result.perSecond).toFixed(3);
process.stdout.write(
  `ours: ${result.perSecond.toFixed(0)} renders/s of ${result.length} characters, ${milliseconds} ms each\n`,
);
process.stdout.write(`ours: ${parsesPerSecond().toFixed(0)} parses/s of ${template.length} characters\n`);
if (hasGo()) {
  const go = JSON.parse(runOracle(buildOracle(), [{ data, templates: [template] }], ["bench"])) as typeof result;
  if (go.length !== result.length) throw new Error(`Go wrote ${go.length} characters, we wrote ${result.length}`);
  process.stdout.write(`Go:   ${go.perSecond.toFixed(0)} renders/s\n`);
  process.stdout.write(`ratio ours / Go: ${(result.perSecond / go.perSecond).toFixed(2)}\n`);
} else {
  process.stdout.write("Go:   not measured, there is no go command\n");
}
