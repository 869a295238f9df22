/**
 * PostgreSQL where nobody else runs one: a single server with its data on one volume. Production has a managed one, with copies and backups; this
 * chart is for trying things out.
 */
export function postgresChart(): ReadonlyMap<string, string> {
  return new Map([
    ["Chart.yaml", chartFile],
    ["values.yaml", valuesFile],
    ["templates/network-policy.yaml", networkPolicy],
    ["templates/secret.yaml", secret],
    ["templates/service-account.yaml", serviceAccount],
    ["templates/service.yaml", service],
    ["templates/stateful-set.yaml", statefulSet],
  ]);
}

const chartFile = `apiVersion: v2
name: postgres
description: One PostgreSQL for all services, each with its own database and role
type: application
version: 1.0.0
kubeVersion: ">=1.30.0-0"
`;

const valuesFile = `image:
  registry: ""
  digest: ""

# A database with a role of the same name and this password each.
databases: {}

# Without a class of storage the data ends with the pod. "-" is the cluster's default class.
storage:
  class: "-"
  size: 5Gi

resources:
  requests:
    cpu: 100m
    memory: 256Mi
  limits:
    cpu: "1"
    memory: 512Mi
`;

const labels = `  labels:
    app.kubernetes.io/name: postgres
    app.kubernetes.io/instance: {{ .Release.Name | quote }}
    app.kubernetes.io/managed-by: {{ .Release.Service }}
`;

const networkPolicy = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: postgres
  namespace: {{ .Release.Namespace }}
${labels}spec:
  podSelector:
    matchLabels:
      app.kubernetes.io/name: postgres
  policyTypes:
    - Ingress
    - Egress
  ingress:
    # Services of all namespaces; their roles say what each may do.
    - from:
        - namespaceSelector: {}
      ports:
        - port: 5432
  egress: []
`;

const secret = `apiVersion: v1
kind: Secret
metadata:
  name: postgres-databases
  namespace: {{ .Release.Namespace }}
${labels}type: Opaque
stringData:
  databases.json: {{ toJson .Values.databases | quote }}
`;

const serviceAccount = `apiVersion: v1
kind: ServiceAccount
metadata:
  name: postgres
  namespace: {{ .Release.Namespace }}
${labels}automountServiceAccountToken: false
`;

const service = `apiVersion: v1
kind: Service
metadata:
  name: postgres
  namespace: {{ .Release.Namespace }}
${labels}spec:
  selector:
    app.kubernetes.io/name: postgres
  ports:
    - name: postgres
      port: 5432
      targetPort: postgres
      protocol: TCP
`;

const statefulSet = `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: postgres
  namespace: {{ .Release.Namespace }}
${labels}spec:
  replicas: 1
  serviceName: postgres
  # A pod that can't start gives way to its next version, in place of being waited for.
  podManagementPolicy: Parallel
  selector:
    matchLabels:
      app.kubernetes.io/name: postgres
  template:
    metadata:
      labels:
        app.kubernetes.io/name: postgres
      annotations:
        # Another list of databases is another pod: they are made when it starts.
        fairway.dev/databases: {{ keys .Values.databases | sortAlpha | join "," | quote }}
    spec:
      serviceAccountName: postgres
      automountServiceAccountToken: false
      enableServiceLinks: false
      terminationGracePeriodSeconds: 60
      securityContext:
        runAsNonRoot: true
        runAsUser: 65532
        runAsGroup: 65532
        fsGroup: 65532
        fsGroupChangePolicy: OnRootMismatch
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: postgres
          image: {{ .Values.image.registry }}/postgres@{{ required "image.digest says which image runs" .Values.image.digest }}
          imagePullPolicy: IfNotPresent
          ports:
            - name: postgres
              containerPort: 5432
              protocol: TCP
          resources:
            {{- toYaml .Values.resources | nindent 12 }}
          startupProbe:
            tcpSocket:
              port: postgres
            periodSeconds: 1
            failureThreshold: 120
          readinessProbe:
            tcpSocket:
              port: postgres
            periodSeconds: 5
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities:
              drop:
                - ALL
          volumeMounts:
            - name: data
              mountPath: /var/lib/postgresql
            - name: databases
              mountPath: /etc/fairway/databases
              readOnly: true
            - name: tmp
              mountPath: /tmp
      volumes:
        {{- if not .Values.storage.class }}
        - name: data
          emptyDir: {}
        {{- end }}
        - name: databases
          secret:
            secretName: postgres-databases
            defaultMode: 0440
        - name: tmp
          emptyDir: {}
  {{- if .Values.storage.class }}
  volumeClaimTemplates:
    - metadata:
        name: data
      spec:
        accessModes:
          - ReadWriteOnce
        {{- if ne .Values.storage.class "-" }}
        storageClassName: {{ .Values.storage.class | quote }}
        {{- end }}
        resources:
          requests:
            storage: {{ .Values.storage.size }}
  {{- end }}
`;
