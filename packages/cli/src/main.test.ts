// What only a process of its own can show: outputs that fail, a folder that has gone.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { ended, startFairway } from "./run-as-process.ts";

const main = join(import.meta.dirname, "main.ts");

test("who reads only the first line ends the command without a failure", async () => {
  const child = startFairway(["explain", "service"], { cwd: "/" });
  child.stdout?.destroy();
  const { code, stderr } = await ended(child);
  assert.deepEqual([code, stderr], [0, ""]);
});

test("an output that can't be written is said, and is a failure", async (t) => {
  if (!existsSync("/dev/full")) return t.skip("this system has no /dev/full");
  const full = openSync("/dev/full", "w");
  const child = spawn(process.execPath, [main, "explain", "service"], { stdio: ["ignore", full, "pipe"] });
  closeSync(full);
  const { code, stderr } = await ended(child);
  assert.equal(code, 3);
  assert.match(stderr, /^error: standard output can't be written: ENOSPC/u);
});

test("errors that nobody can read change nothing", async (t) => {
  if (!existsSync("/dev/full")) return t.skip("this system has no /dev/full");
  const full = openSync("/dev/full", "w");
  const child = spawn(process.execPath, [main, "nosuch"], { stdio: ["ignore", "ignore", full] });
  closeSync(full);
  const [code] = (await once(child, "close")) as [number];
  assert.equal(code, 2);
});

test("a folder that has gone meanwhile is told as such", async (t) => {
  if (process.platform !== "linux") return t.skip("needs a shell that stays in a folder that has gone");
  const folder = mkdtempSync(join(tmpdir(), "fairway-gone-"));
  const script = `rmdir "$PWD" && exec "$0" "$1" status`;
  const child = spawn("sh", ["-c", script, process.execPath, main], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  const { code, stderr } = await ended(child);
  rmSync(folder, { recursive: true, force: true });
  assert.equal(code, 3);
  assert.match(stderr, /^error: the folder that you are in is not there any more\n {2}what to do: /u);
});
