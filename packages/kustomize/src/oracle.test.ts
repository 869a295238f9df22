import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import test from "node:test";
import { caseRoot, readCases } from "../tests/case-file.ts";
import type { Case } from "../tests/case-file.ts";

/**
 * The recorded answers against the real program. FAIRWAY_KUBECTL is the path of a kubectl 1.34 (kustomize 5.7.1); with
 * FAIRWAY_RECORD=1 the answers are written anew.
 */
const kubectl = process.env["FAIRWAY_KUBECTL"] ?? "";
const records = process.env["FAIRWAY_RECORD"] === "1";

interface Answer {
  readonly output?: string;
  readonly error?: string;
}

function ask(example: Case): Answer {
  const root = mkdtempSync(join(tmpdir(), "kustomize-case-"));
  try {
    for (const [path, text] of example.files) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    const { status, stdout, stderr } = spawnSync(kubectl, ["kustomize", join(root, example.directory)], {
      encoding: "utf8",
      env: { PATH: "/nonexistent", HOME: root, HTTPS_PROXY: "http://127.0.0.1:9" },
    });
    if (status === 0) return { output: stdout };
    const lines = stderr.split("\n").filter((line) => !line.startsWith("# Warning"));
    const message = lines.join("\n").replace(/^error: /, "");
    const stable = message.replaceAll(root, caseRoot).replace(/&\{0x[0-9a-f]+/g, "&{0x0");
    return { error: `${stable.trimEnd()}\n` };
  } finally {
    rmSync(root, { recursive: true });
  }
}

const skip = kubectl === "" ? "FAIRWAY_KUBECTL does not name a kubectl 1.34" : false;

test("the recorded answers are those of the real kubectl kustomize", { skip }, () => {
  for (const example of readCases()) {
    const answer = ask(example);
    if (records) {
      const recorded =
        answer.error === undefined ? `-- output --\n${answer.output ?? ""}` : `-- error --\n${answer.error}`;
      const own = example.ownError === undefined ? "" : `-- own error --\n${example.ownError}`;
      writeFileSync(example.path, `${example.source}${recorded}${own}`);
    } else {
      const { output, error } = example;
      assert.deepEqual(answer, output === undefined ? { error } : { output }, example.name);
    }
  }
});
