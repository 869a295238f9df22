// Records the answers of Helm's functions to all the cases: node packages/helm/src/functions/tests/record-answers.ts
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Answer, allCases } from "./oracle-cases.ts";

const sources = fileURLToPath(new URL("../testdata/oracle/", import.meta.url));
const directory = new URL("../testdata/answers/", import.meta.url);

function run(program: string, args: readonly string[], input = ""): string {
  const result = spawnSync(program, args, { cwd: sources, input, encoding: "utf8", maxBuffer: 1 << 30 });
  if (result.status !== 0) throw new Error(`${program} failed:\n${result.stderr}`);
  return result.stdout;
}

const folder = mkdtempSync(join(tmpdir(), "helm-functions-oracle-"));
try {
  const oracle = join(folder, "oracle");
  run("go", ["build", "-o", oracle, "."]);
  mkdirSync(directory, { recursive: true });
  const names = (JSON.parse(run(oracle, ["names"])) as string[]).sort();
  writeFileSync(
    new URL("../testdata/names.json", import.meta.url),
    `${JSON.stringify(names, null, 0).replaceAll(",", ",\n")}\n`,
  );
  for (const [name, groups] of allCases()) {
    const answers = JSON.parse(run(oracle, [], JSON.stringify(groups))) as Answer[][];
    const lines = answers.map((group) => `[\n${group.map((answer) => JSON.stringify(answer)).join(",\n")}\n]`);
    writeFileSync(new URL(`${name}.json`, directory), `[\n${lines.join(",\n")}\n]\n`);
    process.stdout.write(`${name}: ${answers.flat().length} answers\n`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
