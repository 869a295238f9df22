// Loads and checks generated platforms of 100, 1,000 and 10,000 services from disk: as they should be, and with three slips in
// each service, for which names are looked up in the whole platform. Linear growth shows as a steady cost a file.
//   node bench/spec.ts
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkFiles } from "@fairway/spec";

const sizes = [100, 1_000, 10_000];

for (const state of ["fine", "with slips"] as const) {
  for (const size of sizes) {
    const folder = mkdtempSync(join(tmpdir(), "fairway-bench-"));
    try {
      for (let index = 0; index < size; index++) {
        const text = serviceText(index, size);
        mkdirSync(join(folder, `s${index}`));
        writeFileSync(join(folder, `s${index}/service.yaml`), state === "fine" ? text : withSlips(text, index));
      }
      const bestMs = Math.min(...[1, 2, 3].map(() => loadAndCheck(folder, state === "fine" ? 0 : 3 * size)));
      const perFileUs = ((bestMs * 1_000) / size).toFixed(0);
      console.log(
        `${String(size).padStart(6)} services ${state}: ${bestMs.toFixed(0).padStart(5)} ms, ${perFileUs} µs each`,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
}

function loadAndCheck(folder: string, errorsWanted: number): number {
  const startMs = performance.now();
  const files = readdirSync(folder).map((name) => {
    const path = `${name}/service.yaml`;
    return { path, bytes: readFileSync(join(folder, path)) };
  });
  const { problems } = checkFiles(files);
  const tookMs = performance.now() - startMs;
  const errors = problems.filter((problem) => problem.severity === "error");
  if (errors.length !== errorsWanted) throw new Error(`${errors.length} errors: ${JSON.stringify(errors[0])}`);
  return tookMs;
}

/** A call and an event that there are not, and a field that there is not. */
function withSlips(text: string, index: number): string {
  return text
    .replace(/calls: .*/, `calls: [ sx${index} ]`)
    .replace(/consumes: .*/, `consumes: [ Evnt${index} ]`)
    .replace("slo:", "sloo:");
}

function serviceText(index: number, size: number): string {
  const next = (index + 1) % size;
  const calls = next === 0 ? "" : `s${next}`;
  return `apiVersion: fairway.dev/v1
kind: Service
metadata: { name: s${index}, owner: team-${index % 20} }
spec:
  language: typescript
  http: { port: 8080, public: [ /s${index} ] }
  needs:
    postgres: {}
    calls: [ ${calls} ]
    publishes: [ Event${index} ]
    consumes: [ Event${next} ]
  env: { LOG_LEVEL: info, FEATURE: "on" }
  scale: { min: 2, max: 10, cpu: 70 }
  release:
    strategy: canary
    steps: [ { weight: 5, hold: 15m }, { weight: 50, hold: 5m } ]
    slo: { successRate: 99.5, p95: 300ms }
  environments:
    prod: { scale: { min: 4, max: 20 } }
`;
}
