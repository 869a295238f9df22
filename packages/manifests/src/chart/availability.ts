import { nothing, template, type Lines } from "../text/lines.ts";
import type { ChartSubject } from "./chart-subject.ts";
import { metadata } from "./metadata.ts";

export function autoscalerFile(subject: ChartSubject): Lines {
  return template`
    {{- if .Values.autoscaling.enabled }}
    apiVersion: autoscaling/v2
    kind: HorizontalPodAutoscaler
    ${metadata(subject)}
    spec:
      scaleTargetRef:
        apiVersion: apps/v1
        kind: Deployment
        name: ${subject.name}
      minReplicas: {{ .Values.autoscaling.min }}
      maxReplicas: {{ .Values.autoscaling.max }}
      metrics:
        - type: Resource
          resource:
            name: cpu
            target:
              type: Utilization
              averageUtilization: {{ .Values.autoscaling.cpu }}
        {{- with .Values.autoscaling.memory }}
        - type: Resource
          resource:
            name: memory
            target:
              type: Utilization
              averageUtilization: {{ . }}
        {{- end }}
    {{- end }}
  `;
}

export function disruptionBudgetFile(subject: ChartSubject): Lines {
  return template`
    apiVersion: policy/v1
    kind: PodDisruptionBudget
    ${metadata(subject)}
    spec:
      maxUnavailable: ${subject.service.spec.disruption.maxUnavailable}
      # A pod that isn't well anyway does not hold up the maintenance of its node.
      unhealthyPodEvictionPolicy: AlwaysAllow
      selector:
        matchLabels:
          app.kubernetes.io/name: ${subject.name}
  `;
}

export function serviceAccountFile(subject: ChartSubject): Lines {
  return template`
    apiVersion: v1
    kind: ServiceAccount
    ${metadata(subject)}
    automountServiceAccountToken: ${subject.service.spec.needs.permissions.length > 0}
  `;
}

/** What it may ask of the Kubernetes API in its own namespace. */
export function roleFiles(subject: ChartSubject): readonly [name: string, file: Lines][] {
  const { permissions } = subject.service.spec.needs;
  if (permissions.length === 0) return [];
  const rules = permissions.map(
    ({ apiGroup, resources, verbs }) => template`
      - apiGroups:
          - ${apiGroup}
        resources:
          ${listed(resources)}
        verbs:
          ${listed(verbs)}
    `,
  );
  const role = template`
    apiVersion: rbac.authorization.k8s.io/v1
    kind: Role
    ${metadata(subject)}
    rules:
      ${rules}
  `;
  const binding = template`
    apiVersion: rbac.authorization.k8s.io/v1
    kind: RoleBinding
    ${metadata(subject)}
    roleRef:
      apiGroup: rbac.authorization.k8s.io
      kind: Role
      name: ${subject.name}
    subjects:
      - kind: ServiceAccount
        name: ${subject.name}
        namespace: {{ .Release.Namespace }}
  `;
  return [
    ["role.yaml", role],
    ["role-binding.yaml", binding],
  ];
}

function listed(texts: readonly string[]): Lines {
  if (texts.length === 0) return nothing;
  return { lines: texts.flatMap((text) => template`- ${text}`.lines) };
}
