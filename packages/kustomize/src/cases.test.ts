import assert from "node:assert/strict";
import test from "node:test";
import { KustomizeError, buildKustomization } from "./index.ts";
import { caseRoot, memoryFiles, readCases } from "../tests/case-file.ts";
import type { Case } from "../tests/case-file.ts";

async function attempt({ files, directory }: Case): Promise<{ output?: string; error?: string }> {
  try {
    const { text } = await buildKustomization(`${caseRoot}/${directory}`, { files: memoryFiles(files) });
    return { output: text };
  } catch (error) {
    if (!(error instanceof KustomizeError)) throw error;
    return { error: `${error.message.trimEnd()}\n` };
  }
}

const cases = readCases();

test("there are cases to hold the builder against", () => {
  assert.ok(cases.length >= 150, `found ${cases.length}`);
});

for (const example of cases) {
  const verb = example.output === undefined ? "refuses" : "prints";
  test(`${example.name}: ${verb} what kubectl kustomize does, to the byte`, async () => {
    const expected =
      example.output === undefined ? { error: example.ownError ?? example.error } : { output: example.output };
    assert.deepEqual(await attempt(example), expected);
  });
}
