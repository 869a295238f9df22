import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, describe, test } from "node:test";
import { architectureOf, machinePlatform } from "../services/service-source.ts";
import { readElf } from "./elf-file.ts";
import { libraryClosure, librarySource } from "./library-closure.ts";

const folder = mkdtempSync(join(tmpdir(), "fairway-closure-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const architecture = architectureOf(machinePlatform());
const isGlibc = process.platform === "linux" && existsSync(readElf("/bin/ls")?.interpreter ?? "/nothing");
const skip = isGlibc ? false : "there is no program with glibc's loader here";

/** What the machine's own loader would load. */
function ldd(program: string): readonly string[] {
  const printed = execFileSync("ldd", [program], { encoding: "utf8" });
  return printed
    .split("\n")
    .flatMap((line) => /(?:=> )?(\/\S+)/u.exec(line)?.[1] ?? [])
    .map((path) => realpathSync(path))
    .toSorted();
}

describe("the libraries of a program", { skip }, () => {
  for (const program of ["/bin/ls", realpathSync(process.execPath)]) {
    test(`are those that the loader takes for ${basename(program)}, and no others`, () => {
      const closure = libraryClosure([program], librarySource(architecture, undefined));
      assert.deepEqual(closure.map(({ source }) => realpathSync(source)).toSorted(), ldd(program));
    });
  }

  test("come from the given folder alone when it has the platform's loader, by links that stay inside it", () => {
    const root = join(folder, "sysroot");
    mkdirSync(join(root, "opt"), { recursive: true });
    for (const { path, source } of libraryClosure(["/bin/ls"], librarySource(architecture, undefined))) {
      mkdirSync(join(root, path, ".."), { recursive: true });
      copyFileSync(source, join(root, "opt", basename(path)));
      // Absolute, as packages have them: it means the root of the folder.
      symlinkSync(`/opt/${basename(path)}`, join(root, path));
    }
    const closure = libraryClosure(["/bin/ls"], librarySource(architecture, root));
    assert.ok(closure.length > 1);
    assert.deepEqual(
      closure.filter(({ source }) => !source.startsWith(join(root, "opt"))),
      [],
    );
  });

  test("that are missing are named, with what to do", () => {
    const root = join(folder, "incomplete");
    mkdirSync(root);
    assert.throws(() => libraryClosure(["/bin/ls"], { architecture, root }), {
      code: "missing_library",
      message: /has no .*, which \/bin\/ls needs: .*--base.*--libraries/u,
    });
  });
});

describe("an ELF file", () => {
  test("that is none is not read as one", () => {
    const path = join(folder, "text");
    writeFileSync(path, "#!/bin/sh\n");
    assert.equal(readElf(path), undefined);
  });

  test("that is cut off is refused", { skip }, () => {
    const path = join(folder, "cut");
    writeFileSync(path, Buffer.concat([execFileSync("head", ["-c", "4096", "/bin/ls"])]));
    assert.throws(() => readElf(path), { code: "invalid_file" });
  });
});
