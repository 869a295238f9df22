// Reads and writes Kubernetes manifests here and with the npm packages `yaml` and `js-yaml`: node bench/yaml.ts
// The peers are no dependencies. To compare, install them anywhere and point NODE_PATH to that node_modules.
import { createRequire } from "node:module";
import { decodeAll, encode, parseDocuments } from "@fairway/yaml";

const secondsPerRun = 1;
const copies = 250;

interface Engine {
  name: string;
  read: (text: string) => unknown;
  write?: (value: unknown) => string;
}

const deployment = (index: number): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: service-${index}
  namespace: team-${index % 7}
  labels: { app.kubernetes.io/name: service-${index}, app.kubernetes.io/version: "1.${index}.0" }
spec:
  replicas: ${1 + (index % 5)}
  selector:
    matchLabels:
      app.kubernetes.io/name: service-${index}
  template:
    spec:
      containers:
      - name: main # the service itself
        image: "registry.example.com/team/service-${index}@sha256:${String(index).padStart(64, "0")}"
        ports:
        - containerPort: 8080
          name: http
          protocol: TCP
        env:
        - name: LOG_LEVEL
          value: info
        - name: DATABASE_URL
          valueFrom:
            secretKeyRef:
              key: url
              name: service-${index}-database
        resources:
          limits:
            cpu: 500m
            memory: 256Mi
        readinessProbe:
          httpGet:
            path: /healthz
            port: http
          initialDelaySeconds: 5
          periodSeconds: 10
`;

const configMap = (index: number): string => `apiVersion: v1
kind: ConfigMap
metadata:
  name: config-${index}
data:
  application.yaml: |
    server:
      port: 8080
    # read at start
    features:
      - checkout
      - search
  motd: >-
    Welcome to service ${index},
    which greets you in two lines.
  empty: ''
`;

const schema = (index: number): string => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: things${index}.example.com
spec:
  group: example.com
  versions:
  - name: v1
    served: true
    schema:
      openAPIV3Schema:
        description: |-
          Thing is a resource whose description is long, as those of generated
          schemas are, and goes on for several lines without saying much.
        properties:
          spec:
            properties:
              size:
                description: 'Size in bytes; must be positive: zero is refused.'
                format: int64
                minimum: 1
                type: integer
              tags:
                items:
                  type: string
                type: array
            type: object
        type: object
`;

const text = Array.from(
  { length: copies },
  (_, index) => `---\n${deployment(index)}---\n${configMap(index)}---\n${schema(index)}`,
).join("");

/** An engine whose package may not be there. */
function peer(
  name: string,
  use: (module: Record<string, (...input: unknown[]) => unknown>) => Engine,
): Engine | string {
  try {
    return use(createRequire(import.meta.url)(name) as Record<string, (...input: unknown[]) => unknown>);
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code === "MODULE_NOT_FOUND";
    if (!missing) {
      throw error;
    }
    return `${name} is not installed, so there is nothing to compare with`;
  }
}

/** MB per second of processor time, which a busy machine disturbs less than the time on the wall. */
function speed(work: () => unknown): number {
  work();
  let runs = 0;
  const start = process.cpuUsage();
  const seconds = (): number => {
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1e6;
  };
  while (seconds() < secondsPerRun) {
    work();
    runs++;
  }
  return (runs * Buffer.byteLength(text)) / 1e6 / seconds();
}

const values = decodeAll(text);
const writeAll = (write: (value: unknown) => string) => (): void => {
  for (const value of values) {
    write(value);
  }
};

const engines: (Engine | string)[] = [
  { name: "@fairway/yaml", read: (input) => decodeAll(input), write: (value) => encode(value) },
  { name: "@fairway/yaml with places", read: (input) => parseDocuments(input) },
  peer("yaml", ({ parseAllDocuments, stringify }) => ({
    name: "yaml",
    read: (input) => Array.from(parseAllDocuments?.(input) as Iterable<{ toJS: () => unknown }>, (each) => each.toJS()),
    write: (value) => String(stringify?.(value)),
  })),
  peer("js-yaml", ({ loadAll, dump }) => ({
    name: "js-yaml",
    read: (input) => loadAll?.(input),
    write: (value) => String(dump?.(value)),
  })),
];

const lines = [
  `${values.length} manifests, ${(Buffer.byteLength(text) / 1e6).toFixed(1)} MB; MB of YAML per second of processor time`,
];
let ours: { read: number; write: number } | undefined;
for (const engine of engines) {
  if (typeof engine === "string") {
    lines.push(engine);
    continue;
  }
  const read = speed(() => engine.read(text));
  const write = engine.write === undefined ? 0 : speed(writeAll(engine.write));
  ours ??= { read, write };
  const ratio = (mine: number, theirs: number): string => `${(mine / theirs).toFixed(1)}x`;
  const written = write === 0 ? "" : `  write ${write.toFixed(1)} (${ratio(ours.write, write)})`;
  lines.push(`${engine.name.padEnd(28)} read ${read.toFixed(1)} (${ratio(ours.read, read)})${written}`);
}
process.stdout.write(`${lines.join("\n")}\n`);
