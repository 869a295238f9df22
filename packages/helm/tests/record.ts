// Writes down what the real helm prints for every case: FAIRWAY_HELM=path/to/helm node packages/helm/tests/record.ts
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { argumentsOf, formatRecord, recordPath, testdata } from "./case-files.ts";
import { cases } from "./data/cases.ts";
import { findHelm, runHelm } from "./real-helm.ts";

const helm = findHelm();
if (helm === undefined) {
  process.stderr.write("no helm 4.1 found: set FAIRWAY_HELM to its path\n");
  process.exitCode = 1;
} else {
  rmSync(join(testdata, "recorded"), { recursive: true, force: true });
  for (const one of cases) {
    mkdirSync(dirname(recordPath(one)), { recursive: true });
    writeFileSync(recordPath(one), formatRecord(runHelm(helm, argumentsOf(one))));
  }
  process.stdout.write(`${cases.length} answers recorded\n`);
}
