import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { catalogue } from "./catalogue.ts";
import { completions, completionScripts, shells } from "./completion.ts";

const complete = (...words: string[]) => completions(words, catalogue);

test("completes the words of commands, step by step", async () => {
  assert.deepEqual(await complete("doc"), ["doctor"]);
  assert.deepEqual(await complete("new", ""), ["service"]);
  assert.ok((await complete("")).includes("check"));
});

test("completes options that were not given yet, and the choices of one", async () => {
  assert.deepEqual(await complete("doctor", "--js"), ["--json"]);
  assert.deepEqual(await complete("doctor", "--json", "--js"), []);
  assert.deepEqual(await complete("new", "service", "x", "--language", "pyt"), ["python"]);
});

for (const shell of shells) {
  const known = spawnSync(shell, ["-c", "exit 0"]).status === 0;
  test(
    `the script for ${shell} is one that ${shell} accepts`,
    { skip: !known && `${shell} is not on this machine` },
    () => {
      const { status, stderr } = spawnSync(shell, ["-n"], { input: completionScripts[shell], encoding: "utf8" });
      assert.equal(status, 0, stderr);
    },
  );
}
