import type { Service } from "@fairway/spec";
import { nothing, template, type Lines } from "../text/lines.ts";
import { environmentVariables, shutdownSeconds } from "./container-environment.ts";
import { portsOf, type ChartSubject } from "./chart-subject.ts";
import { annotationsField, metadata } from "./metadata.ts";
import { nodeChoice } from "./node-choice.ts";
import { probes } from "./probes.ts";
import { isKeptByOnePod } from "./volume-claims.ts";

/** The user of every image that is built here. */
const userId = 65_532;

/** How long a pod that ends goes on to answer, until everybody heard that it is gone. */
const drainSeconds = 5;

/** What is left after that and after the service's own time, so that it ends by itself. */
const spareSeconds = 5;

export function deploymentFile(subject: ChartSubject): Lines {
  return template`
    apiVersion: apps/v1
    kind: Deployment
    ${metadata(subject)}
    spec:
      {{- if not .Values.autoscaling.enabled }}
      replicas: {{ .Values.replicas }}
      {{- end }}
      revisionHistoryLimit: 5
      ${strategy(subject)}
      selector:
        matchLabels:
          app.kubernetes.io/name: ${subject.name}
      template:
        ${podTemplate(subject)}
  `;
}

function strategy(subject: ChartSubject): Lines {
  if (isKeptByOnePod(subject)) {
    return template`
      # Only one pod at a time may have the volume.
      strategy:
        type: Recreate
    `;
  }
  return template`
    strategy:
      type: RollingUpdate
      rollingUpdate:
        {{- toYaml .Values.rollout | nindent 6 }}
  `;
}

function podTemplate(subject: ChartSubject): Lines {
  const { platform, service, name } = subject;
  const { tier, needs } = service.spec;
  return template`
    metadata:
      labels:
        {{- include "${name}.labels" . | nindent 8 }}
        {{- with .Values.image.version }}
        app.kubernetes.io/version: {{ . | replace "+" "_" | quote }}
        {{- end }}
      ${annotationsField(subject, { entries: scrapeAnnotations(subject) })}
    spec:
      serviceAccountName: ${name}
      automountServiceAccountToken: ${needs.permissions.length > 0}
      enableServiceLinks: false
      priorityClassName: ${platform.metadata.name}-{{ .Values.global.environment }}-${tier}
      terminationGracePeriodSeconds: ${drainSeconds + shutdownSeconds(subject) + spareSeconds}
      securityContext:
        runAsNonRoot: true
        runAsUser: ${userId}
        runAsGroup: ${userId}
        fsGroup: ${userId}
        seccompProfile:
          type: RuntimeDefault
        ${lowPorts(service)}
      ${nodeChoice(subject)}
      containers:
        - name: ${name}
          ${container(subject)}
      volumes:
        - name: ${temporaryVolume(service)}
          emptyDir:
            sizeLimit: 256Mi
        ${needs.volumes.map(volume(name))}
  `;
}

/** Who is not root may take no port below 1024, unless the pod's own network says otherwise. */
function lowPorts(service: Service): Lines {
  if (portsOf(service).every(({ port }) => port >= 1_024)) return nothing;
  return template`
    sysctls:
      - name: net.ipv4.ip_unprivileged_port_start
        value: "0"
  `;
}

function temporaryVolume({ spec }: Service): string {
  return spec.needs.volumes.some(({ name }) => name === "tmp") ? "fairway-tmp" : "tmp";
}

function volume(service: string) {
  return ({ name }: { readonly name: string }): Lines => template`
    - name: ${name}
      persistentVolumeClaim:
        claimName: ${service}-${name}
  `;
}

function container(subject: ChartSubject): Lines {
  const { service, name } = subject;
  const mounts = service.spec.needs.volumes.map(
    (volume) => template`
      - name: ${volume.name}
        mountPath: ${volume.path}
    `,
  );
  return template`
    image: {{ .Values.image.registry }}/${name}@{{ required "image.digest says which image runs: --set image.digest=sha256:..." .Values.image.digest }}
    imagePullPolicy: IfNotPresent
    ${containerPorts(subject)}
    ${environmentVariables(subject)}
    resources:
      {{- toYaml .Values.resources | nindent 12 }}
    ${probes(service)}
    lifecycle:
      preStop:
        sleep:
          seconds: ${drainSeconds}
    securityContext:
      allowPrivilegeEscalation: false
      readOnlyRootFilesystem: true
      capabilities:
        drop:
          - ALL
    volumeMounts:
      - name: ${temporaryVolume(service)}
        mountPath: /tmp
      ${mounts}
  `;
}

function containerPorts({ service }: ChartSubject): Lines {
  const ports = portsOf(service).map(
    ({ name, port, protocol }) => template`
      - name: ${name}
        containerPort: ${port}
        protocol: ${protocol}
    `,
  );
  if (ports.length === 0) return nothing;
  return template`
    ports:
      ${ports}
  `;
}

function scrapeAnnotations({ service }: ChartSubject): Lines {
  const { http } = service.spec;
  if (!http) return nothing;
  return template`
    prometheus.io/scrape: "true"
    prometheus.io/port: ${String(http.port)}
    prometheus.io/path: ${http.metrics}
  `;
}
