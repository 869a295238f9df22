import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import {
  forgetState,
  programFolders,
  readState,
  runningState,
  stopInBackground,
  writeOwnState,
} from "./background-process.ts";

function inFolder(task: (folder: string) => Promise<void> | void): () => Promise<void> {
  return async () => {
    const folder = mkdtempSync(join(tmpdir(), "background-"));
    try {
      await task(folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
}

describe("a process in the background", () => {
  it("finds the tools of the system, after those that its account finds first", () => {
    assert.equal(programFolders("/usr/bin:/usr/sbin"), "/usr/bin:/usr/sbin:/usr/local/sbin:/sbin");
    assert.equal(programFolders(undefined), "/usr/local/sbin:/usr/sbin:/sbin");
  });

  it(
    "is found by what it wrote, which nobody else may read",
    inFolder((folder) => {
      writeOwnState(folder, { ready: true });
      assert.equal(runningState(folder)?.pid, process.pid);
      assert.equal(statSync(join(folder, "state.json")).mode & 0o777, 0o600);
      forgetState(folder);
      assert.equal(runningState(folder), undefined);
    }),
  );

  it(
    "is not mistaken for a later one with its number",
    inFolder((folder) => {
      writeOwnState(folder, { ready: true });
      const path = join(folder, "state.json");
      const state = JSON.parse(readFileSync(path, "utf8")) as { startedAt: string };
      writeFileSync(path, JSON.stringify({ ...state, startedAt: `${state.startedAt}0` }));
      assert.equal(runningState(folder), undefined);
    }),
  );

  it(
    "that was killed is not running, though its state is still there",
    inFolder(async (folder) => {
      const child = spawn(process.execPath, ["--eval", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
      writeFileSync(join(folder, "state.json"), JSON.stringify({ pid: child.pid, ready: true }));
      assert.equal(runningState(folder)?.pid, child.pid);
      child.kill("SIGKILL");
      await once(child, "exit");
      assert.equal(runningState(folder), undefined);
      assert.equal(readState(folder)?.pid, child.pid);
    }),
  );

  it(
    "is waited for until it has ended",
    inFolder(async (folder) => {
      const child = spawn(process.execPath, ["--eval", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
      await once(child, "spawn");
      const ended = once(child, "exit");
      const background = { folder, name: "it", startTimeoutMs: 5_000, stopTimeoutMs: 5_000 };
      assert.equal(await stopInBackground(background), false);
      writeFileSync(join(folder, "state.json"), JSON.stringify({ pid: child.pid, ready: true }));
      assert.equal(await stopInBackground(background), true);
      await ended;
      assert.equal(child.signalCode, "SIGTERM");
    }),
  );
});
