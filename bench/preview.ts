// How long a preview of a repository of Helm applications takes, and how it grows.
// node bench/preview.ts [APPLICATIONS...]; each row runs in a process of its own, so that its peak of memory is its own.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { preview, type PreviewWorld, type RenderCache, type Snapshot } from "@fairway/preview";

const scenarios = {
  "all changed": "a template of the shared chart changes",
  "one changed": "one value file changes",
  warm: "a template of the shared chart changes, everything is in the cache",
} as const;
type Scenario = keyof typeof scenarios;

const environments = ["dev", "staging", "prod"];
const repositoryUrl = "https://git.example.com/shop/state.git";

/** A service chart of the usual size: eight templates, helpers, a hundred lines of values. */
const templates: Readonly<Record<string, string>> = {
  "_helpers.tpl": `{{- define "service.name" -}}{{ default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}{{- end }}
{{- define "service.fullname" -}}{{ printf "%s-%s" .Release.Name (include "service.name" .) | trunc 63 | trimSuffix "-" }}{{- end }}
{{- define "service.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{ include "service.selector" . }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}
{{- define "service.selector" -}}
app.kubernetes.io/name: {{ include "service.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}
`,
  "deployment.yaml": `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "service.fullname" . }}
  labels: {{- include "service.labels" . | nindent 4 }}
spec:
  {{- if not .Values.autoscaling.enabled }}
  replicas: {{ .Values.replicas }}
  {{- end }}
  selector:
    matchLabels: {{- include "service.selector" . | nindent 6 }}
  template:
    metadata:
      annotations:
        checksum/config: {{ include (print $.Template.BasePath "/configmap.yaml") . | sha256sum }}
      labels: {{- include "service.selector" . | nindent 8 }}
    spec:
      serviceAccountName: {{ include "service.fullname" . }}
      securityContext: {{- toYaml .Values.podSecurityContext | nindent 8 }}
      containers:
      - name: {{ .Chart.Name }}
        image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
        ports:
        {{- range $name, $port := .Values.ports }}
        - name: {{ $name }}
          containerPort: {{ $port }}
        {{- end }}
        env:
        {{- range $key, $value := .Values.env }}
        - name: {{ $key | upper }}
          value: {{ tpl (toString $value) $ | quote }}
        {{- end }}
        livenessProbe: {{- toYaml .Values.probes.live | nindent 10 }}
        readinessProbe: {{- toYaml .Values.probes.ready | nindent 10 }}
        resources: {{- toYaml .Values.resources | nindent 10 }}
`,
  "service.yaml": `apiVersion: v1
kind: Service
metadata:
  name: {{ include "service.fullname" . }}
  labels: {{- include "service.labels" . | nindent 4 }}
spec:
  selector: {{- include "service.selector" . | nindent 4 }}
  ports:
  {{- range $name, $port := .Values.ports }}
  - {name: {{ $name }}, port: {{ $port }}, targetPort: {{ $name }}}
  {{- end }}
`,
  "configmap.yaml": `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "service.fullname" . }}
  labels: {{- include "service.labels" . | nindent 4 }}
data: {{- toYaml .Values.config | nindent 2 }}
`,
  "account.yaml": `apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ include "service.fullname" . }}
  labels: {{- include "service.labels" . | nindent 4 }}
`,
  "ingress.yaml": `{{- if .Values.ingress.enabled }}
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: {{ include "service.fullname" . }}
  labels: {{- include "service.labels" . | nindent 4 }}
spec:
  rules:
  {{- range .Values.ingress.hosts }}
  - host: {{ . | quote }}
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: {{ include "service.fullname" $ }}, port: {name: http}}}}]}
  {{- end }}
{{- end }}
`,
  "autoscaler.yaml": `{{- if .Values.autoscaling.enabled }}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ include "service.fullname" . }}
  labels: {{- include "service.labels" . | nindent 4 }}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: {{ include "service.fullname" . }}}
  minReplicas: {{ .Values.autoscaling.min }}
  maxReplicas: {{ .Values.autoscaling.max }}
  metrics:
  - {type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: {{ .Values.autoscaling.cpu }}}}}
{{- end }}
`,
  "budget.yaml": `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ include "service.fullname" . }}
  labels: {{- include "service.labels" . | nindent 4 }}
spec:
  minAvailable: 1
  selector:
    matchLabels: {{- include "service.selector" . | nindent 6 }}
`,
  "policy.yaml": `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "service.fullname" . }}
  labels: {{- include "service.labels" . | nindent 4 }}
spec:
  podSelector:
    matchLabels: {{- include "service.selector" . | nindent 6 }}
  ingress:
  {{- range .Values.callers }}
  - from: [{podSelector: {matchLabels: {app.kubernetes.io/name: {{ . }}}}}]
  {{- end }}
`,
};

const values = `replicas: 2
nameOverride: ""
image: {repository: registry.example.com/shop/service, tag: ""}
ports: {http: 8080, metrics: 9090}
env: {log_level: info, release: "{{ .Release.Name }}", region: eu}
config: {a.properties: "x=1", b.properties: "y=2"}
callers: [gateway, orders, payments]
podSecurityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
probes:
  live: {httpGet: {path: /live, port: http}, periodSeconds: 10}
  ready: {httpGet: {path: /ready, port: http}, periodSeconds: 5}
resources: {requests: {cpu: 100m, memory: 128Mi}, limits: {memory: 256Mi}}
ingress: {enabled: true, hosts: [service.example.com]}
autoscaling: {enabled: true, min: 2, max: 10, cpu: 70}
`;

/** Half of the applications come from an ApplicationSet, half stand for themselves; every tenth has a chart of its own. */
function repository(applications: number): Map<string, string> {
  const files = new Map<string, string>();
  const addChart = (folder: string) => {
    files.set(`${folder}/Chart.yaml`, "apiVersion: v2\nname: service\nversion: 1.2.3\nappVersion: 4.5.6\n");
    files.set(`${folder}/values.yaml`, values);
    for (const [name, text] of Object.entries(templates)) files.set(`${folder}/templates/${name}`, text);
  };
  addChart("charts/service");
  files.set(
    "argocd/set.yaml",
    `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: services, namespace: argocd}
spec:
  goTemplate: true
  goTemplateOptions: [missingkey=error]
  generators: [{git: {repoURL: ${repositoryUrl}, revision: main, files: [{path: services/*/config.json}]}}]
  template:
    metadata: {name: '{{ .name }}'}
    spec:
      project: default
      destination: {server: https://kubernetes.default.svc, namespace: '{{ .path.basename }}'}
      source: {repoURL: ${repositoryUrl}, targetRevision: main, path: charts/service, helm: {valueFiles: ['/services/{{ .path.basename }}/values.yaml', '/environments/{{ .env }}.yaml']}}
`,
  );
  for (const env of environments) files.set(`environments/${env}.yaml`, `env: {stage: ${env}}\nreplicas: 3\n`);
  for (let index = 0; index < applications; index++) {
    const name = `service-${String(index).padStart(4, "0")}`;
    const env = environments[index % environments.length] ?? "dev";
    const isOwn = index % 10 === 9;
    if (isOwn) addChart(`services/${name}/chart`);
    files.set(`services/${name}/values.yaml`, `nameOverride: ${name}\nimage: {tag: 1.${index}.0}\n`);
    if (index % 2 === 0) files.set(`services/${name}/config.json`, JSON.stringify({ name, env }));
    else
      files.set(`argocd/${name}.yaml`, applicationOf(name, env, isOwn ? `services/${name}/chart` : "charts/service"));
  }
  return files;
}

function applicationOf(name: string, env: string, path: string): string {
  return `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: ${name}, namespace: argocd}
spec:
  project: default
  destination: {server: https://kubernetes.default.svc, namespace: ${name}}
  source: {repoURL: ${repositoryUrl}, targetRevision: main, path: ${path}, helm: {valueFiles: [/services/${name}/values.yaml, /environments/${env}.yaml]}}
`;
}

function snapshotOf(files: ReadonlyMap<string, string>, name: string): Snapshot {
  const contents = new Map([...files].map(([path, text]) => [path, Buffer.from(text)]));
  const ids = [...files].map(([path, text]) => [path, createHash("sha1").update(text).digest("hex")] as const);
  return {
    name,
    files: new Map(ids.toSorted(([a], [b]) => (a < b ? -1 : 1))),
    read: (path) => contents.get(path),
  };
}

/** Every chart gets a new field in its Deployment, or one application a new image. */
function changed(files: ReadonlyMap<string, string>, scenario: Scenario): Map<string, string> {
  if (scenario === "one changed") {
    return new Map(files).set("services/service-0001/values.yaml", "nameOverride: service-0001\nimage: {tag: 2.0.0}\n");
  }
  return new Map(
    [...files].map(([path, text]) => [
      path,
      path.endsWith("/deployment.yaml") ? text.replace("spec:\n", "spec:\n  revisionHistoryLimit: 3\n") : text,
    ]),
  );
}

async function measure(applications: number, scenario: Scenario): Promise<void> {
  const files = repository(applications);
  const entries = new Map<string, string>();
  const cache: RenderCache = {
    get: async (key) => (scenario === "warm" ? entries.get(key) : undefined),
    put: async (key, text) => void (scenario === "warm" && entries.set(key, text)),
  };
  const never = () => Promise.reject(new Error("nothing lies outside this repository"));
  const world: PreviewWorld = {
    base: snapshotOf(files, "base"),
    head: snapshotOf(changed(files, scenario), "head"),
    repositoryUrls: [repositoryUrl],
    pinnedRevision: async () => undefined,
    otherRepository: never,
    chart: never,
    cache,
    clusters: [],
    pullRequests: [],
    kubeVersion: undefined,
    apiVersions: [],
    signal: new AbortController().signal,
  };
  if (scenario === "warm") await preview(world);
  const cpu = process.cpuUsage();
  const start = performance.now();
  const { totals } = await preview(world);
  const seconds = (performance.now() - start) / 1000;
  const used = process.cpuUsage(cpu);
  const cpuSeconds = (used.user + used.system) / 1e6;
  const expected = scenario === "one changed" ? 1 : applications;
  if (totals.changed !== expected || totals.failed > 0) throw new Error(`wrong answer: ${JSON.stringify(totals)}`);
  const megabytes = process.resourceUsage().maxRSS / 1024;
  console.log(
    [
      String(applications).padStart(5),
      scenario.padEnd(12),
      `${seconds.toFixed(2).padStart(6)} s`,
      `${cpuSeconds.toFixed(2).padStart(6)} s of CPU`,
      `${((cpuSeconds * 1000) / applications).toFixed(2).padStart(6)} ms of CPU each`,
      `${megabytes.toFixed(0).padStart(4)} MB`,
      `${totals.rendered} rendered`,
    ].join("  "),
  );
}

function isScenario(text: string): text is Scenario {
  return Object.hasOwn(scenarios, text);
}

const [first = "", ...others] = process.argv.slice(2);
if (isScenario(first)) await measure(Number(others[0]), first);
else {
  const sizes = process.argv.slice(2).map(Number);
  for (const [name, meaning] of Object.entries(scenarios)) console.log(`${name}: ${meaning}`);
  for (const size of sizes.length > 0 ? sizes : [92, 250, 500, 1_000]) {
    for (const scenario of Object.keys(scenarios)) {
      spawnSync(process.execPath, [fileURLToPath(import.meta.url), scenario, String(size)], { stdio: "inherit" });
    }
  }
}
