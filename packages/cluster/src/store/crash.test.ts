import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openLmdbStore } from "./index.ts";

/** `FAIRWAY_CRASHES=200 node --test packages/cluster/src/store/crash.test.ts` for the long one. */
const crashes = Number(process.env["FAIRWAY_CRASHES"] ?? 8);

test(`nothing acknowledged is lost by ${crashes} kills at random moments`, { timeout: 600_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "fairway-crash-"));
  const acknowledged = new Map<string, number>();
  try {
    for (let crash = 0; crash < crashes; crash++) {
      await writeUntilKilled(folder, acknowledged, 1 + Math.floor(Math.random() * 400));
      const store = await openLmdbStore({ folder });
      for (const [writer, count] of acknowledged) {
        const [found = "", padding = ""] = (store.get(`/n/${writer}`)?.value.toString() ?? "").split(" ");
        assert.ok(Number(found) >= count, `writer ${writer} was told of ${count}, found ${found}`);
        assert.equal(padding.length, 1_500);
      }
      const all = store.range({ prefix: "/" });
      assert.ok(all.values.every(({ modifiedAt }) => modifiedAt <= store.revision));
      await store.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  assert.ok([...acknowledged.values()].every((count) => count > 0) && acknowledged.size > 0);
});

async function writeUntilKilled(folder: string, acknowledged: Map<string, number>, afterLines: number): Promise<void> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "testdata/crash-writer.ts"), folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let rest = "";
  let lines = 0;
  child.stdout.on("data", (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split("\n");
    rest = parts.pop() ?? "";
    for (const line of parts) {
      const [writer = "", count = ""] = line.split(" ");
      if (count !== "") acknowledged.set(writer, Number(count));
      if (++lines === afterLines) child.kill("SIGKILL");
    }
  });
  const signal = await new Promise((resolve) => child.once("close", (_, ended) => resolve(ended)));
  assert.equal(signal, "SIGKILL");
}
