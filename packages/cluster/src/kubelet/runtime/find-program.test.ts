import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { ContainerView } from "./container-view.ts";
import { findProgram } from "./find-program.ts";
import type { ProgramStart } from "./find-program.ts";

/** The head of an ELF file for a processor that no machine here has. */
function foreignProgram(): Buffer {
  const header = Buffer.alloc(64);
  header.write("\u007FELF", "latin1");
  header[4] = 2;
  header[5] = 1;
  header.writeUInt16LE(21, 18);
  return header;
}

function find(t: TestContext, command: readonly string[]): ProgramStart {
  const folder = mkdtempSync(join(tmpdir(), "fairway-program-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const bin = join(folder, "image", "bin");
  mkdirSync(bin, { recursive: true });
  mkdirSync(join(folder, "image", "app"));
  for (const name of ["node", "server"]) writeFileSync(join(bin, name), foreignProgram(), { mode: 0o755 });
  writeFileSync(join(folder, "image", "app", "main.js"), "");
  const view = ContainerView.make(join(folder, "root"), join(folder, "image"), []);
  return findProgram(command, { view, searchPath: "/bin", workingFolder: folder, standIns: {} });
}

test("what an image for another processor has for Node.js is run by this machine's", (t) => {
  const { file, args } = find(t, ["node", "/app/main.js"]);
  assert.equal(file, process.execPath);
  assert.match(args[0] ?? "", /root\/app\/main\.js$/u);
});

test("another program for another processor is refused, with what to do", (t) => {
  assert.throws(
    () => find(t, ["/bin/server"]),
    /server is a program for Linux on another processor .* use an image for this machine/u,
  );
});

test("a program that the image doesn't have is named as a container runtime does", (t) => {
  assert.throws(() => find(t, ["absent"]), /exec: "absent": executable file not found in \$PATH/u);
});
