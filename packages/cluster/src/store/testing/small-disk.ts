import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";

/** The folder of a disk in memory of so many megabytes, gone after the test; undefined, and the test skipped, where none can be mounted. */
export function smallDisk(t: TestContext, megabytes: number): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), "fairway-small-disk-"));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", folder], { stdio: "ignore" });
  } catch {
    remove();
    t.skip("no small disk can be mounted here");
    return undefined;
  }
  t.after(() => {
    execFileSync("umount", ["-l", folder]);
    remove();
  });
  return folder;
}
