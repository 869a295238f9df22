// Records Go's answers to all the cases: node packages/gotemplate/tests/record-answers.ts
import { mkdirSync, writeFileSync } from "node:fs";
import { askOracle, buildOracle } from "./go-oracle.ts";
import { allCases } from "./oracle-cases.ts";

const directory = new URL("../testdata/answers/", import.meta.url);
const program = buildOracle();
mkdirSync(directory, { recursive: true });
for (const [name, groups] of Object.entries(allCases())) {
  const answers = askOracle(program, groups);
  const text = answers.map((group) => `[\n${group.map((answer) => JSON.stringify(answer)).join(",\n")}\n]`).join(",\n");
  writeFileSync(new URL(`${name}.json`, directory), `[\n${text}\n]\n`);
  process.stdout.write(`${name}: ${answers.flat().length} answers\n`);
}
