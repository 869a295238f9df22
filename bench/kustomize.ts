import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buildKustomization } from "@fairway/kustomize";
import type { KustomizeFiles } from "@fairway/kustomize";

/**
 * One overlay over a base of some services: our time, warm, against one `kubectl kustomize` process. FAIRWAY_KUBECTL is the
 * path of kubectl; `node bench/kustomize.ts [services]`.
 */
const kubectl = process.env["FAIRWAY_KUBECTL"] ?? "kubectl";
const services = Number(process.argv[2] ?? "20");
const rounds = 15;

const disk: KustomizeFiles = {
  read: (path) => (statSync(path, { throwIfNoEntry: false })?.isFile() === true ? readFileSync(path) : undefined),
  list: (path) => (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true ? readdirSync(path) : undefined),
};

function service(name: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      containers:
        - name: main
          image: registry.example/${name}:1.0.0
          envFrom: [{ configMapRef: { name: shared } }]
          ports: [{ containerPort: 8080 }]
---
apiVersion: v1
kind: Service
metadata: { name: ${name} }
spec:
  selector: { app: ${name} }
  ports: [{ port: 80, targetPort: 8080 }]
`;
}

function write(root: string): void {
  const names = Array.from({ length: services }, (_, index) => `service-${index}`);
  const contents: Record<string, string> = {
    "base/kustomization.yaml": `resources: [${names.map((name) => `${name}.yaml`).join(", ")}]
configMapGenerator: [{ name: shared, literals: [LEVEL=info] }]
`,
    "overlay/kustomization.yaml": `namespace: prod
namePrefix: prod-
labels: [{ pairs: { stage: prod }, includeSelectors: true }]
resources: [../base]
images: [{ name: registry.example/service-1, newTag: 2.0.0 }]
replicas: [{ name: service-0, count: 3 }]
patches:
  - target: { kind: Deployment }
    patch: |
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: any }
      spec: { template: { spec: { containers: [{ name: main, resources: { limits: { memory: 64Mi } } }] } } }
`,
  };
  for (const name of names) contents[`base/${name}.yaml`] = service(name);
  for (const [path, text] of Object.entries(contents)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

function median(values: number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}

const root = mkdtempSync(join(tmpdir(), "kustomize-bench-"));
try {
  write(root);
  const directory = join(root, "overlay");
  const ours: number[] = [];
  const theirs: number[] = [];
  let text = "";
  let expected = "";
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    ({ text } = await buildKustomization(directory, { files: disk }));
    const middle = performance.now();
    const answer = spawnSync(kubectl, ["kustomize", directory], { encoding: "utf8", maxBuffer: 2 ** 28 });
    theirs.push(performance.now() - middle);
    ours.push(middle - start);
    expected = answer.stdout;
  }
  const [own, real] = [median(ours), median(theirs)];
  process.stdout.write(
    `${services} services, ${text.length} bytes, ${text === expected ? "the same bytes" : "DIFFERENT OUTPUT"}\n` +
      `ours ${own.toFixed(2)} ms (first ${(ours[0] ?? 0).toFixed(1)} ms), kubectl ${real.toFixed(1)} ms, ` +
      `ratio ${(real / own).toFixed(1)}\n`,
  );
} finally {
  rmSync(root, { recursive: true });
}
