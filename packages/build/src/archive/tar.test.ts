import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { describe, test } from "node:test";
import { collected } from "../../tests/collected.ts";
import { textFile, type ImageEntry } from "./image-entry.ts";
import { writeTar } from "./tar.ts";
import { listTar } from "./tar-listing.ts";

const long = `app/${"deep-folder-of-somebody/".repeat(9)}${"x".repeat(120)}.js`;
const entries: readonly ImageEntry[] = [
  textFile("etc/passwd", "root\n"),
  textFile("app/main.js", "console.log(1);\n"),
  textFile(long, "far away"),
  { kind: "link", path: "usr/bin/python3", target: "python3.11" },
  { kind: "folder", path: "tmp", mode: 0o1777 },
  { kind: "folder", path: "home/nonroot", mode: 0o700, owner: 65532 },
];

async function bytesOf(list: readonly ImageEntry[]): Promise<Buffer> {
  return Buffer.concat(await collected(writeTar(list)));
}

describe("the tar of a layer", () => {
  test("is read by the machine's tar with its modes, owners, links and long names", async (context) => {
    const listed = run(["tar", "--numeric-owner", "-tvf", "-"], await bytesOf(entries));
    if (listed === undefined) return context.skip("there is no GNU tar here");
    const lines = listed
      .trim()
      .split("\n")
      .map((line) => line.replace(/\s+/gu, " "));
    assert.ok(lines.includes("drwxrwxrwt 0/0 0 1970-01-01 00:00 tmp/"), listed);
    assert.ok(lines.includes("drwx------ 65532/65532 0 1970-01-01 00:00 home/nonroot/"), listed);
    assert.ok(lines.includes("lrwxrwxrwx 0/0 0 1970-01-01 00:00 usr/bin/python3 -> python3.11"), listed);
    assert.ok(
      lines.some((line) => line.endsWith(long)),
      listed,
    );
  });

  test("does not depend on the order in which entries are named", async () => {
    assert.deepEqual(await bytesOf(entries), await bytesOf(entries.toReversed()));
  });

  test("has every folder before what is in it", async () => {
    const paths = (await collected(listTar(writeTar(entries)))).map(({ path }) => path.replace(/\/$/u, ""));
    for (const path of paths) {
      const parent = path.slice(0, Math.max(0, path.lastIndexOf("/")));
      if (parent !== "") assert.ok(paths.indexOf(parent) !== -1 && paths.indexOf(parent) < paths.indexOf(path), path);
    }
    assert.ok(paths.includes(long));
  });

  test("refuses two files of one path", async () => {
    await assert.rejects(bytesOf([textFile("a", "1"), textFile("a", "2")]), /two entries a/u);
  });

  test("replaces bytes of a file on disk where patches say so, and nowhere else", async () => {
    const source = { kind: "disk", path: import.meta.filename, bytes: 30 } as const;
    const plain = await bytesOf([{ kind: "file", path: "f", content: { ...source, patches: [] } }]);
    const patches = [{ offset: 5, bytes: Buffer.from("***") }];
    const patched = await bytesOf([{ kind: "file", path: "f", content: { ...source, patches } }]);
    assert.equal(patched.toString("utf8", 512, 542), plain.toString("utf8", 512, 542).replace(/^(.{5}).../u, "$1***"));
  });
});

function run([program = "", ...args]: readonly string[], input: Buffer): string | undefined {
  try {
    return execFileSync(program, args, { input, encoding: "utf8", env: { ...process.env, TZ: "UTC", LC_ALL: "C" } });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
