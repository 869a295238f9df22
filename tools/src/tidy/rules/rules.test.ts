// Each rule finds what it is for. Without these, a rule that matches nothing would look like a tidy house.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { importsOf } from "../imports.ts";
import { sourceFile } from "../repository.ts";
import { checkCycles } from "./cycles.ts";
import { checkDirection } from "./direction.ts";
import { checkDeclaredDependencies, checkFrontDoor } from "./front-door.ts";
import { checkLeftovers } from "./leftovers.ts";
import { anchorsOf, checkLinks } from "./markdown-links.ts";
import { checkServiceFiles, checkServiceImports } from "./microservice.ts";
import { checkFileName } from "./names.ts";
import { checkPurity } from "./purity.ts";
import { checkSize } from "./size.ts";

const inSpec = (text: string, name = "thing.ts") => sourceFile(`packages/spec/src/${name}`, text);

describe("direction", () => {
  const check = (path: string, text: string) => checkDirection(importsOf(sourceFile(path, text)));

  test("refuses a pure package that imports an engine, also lazily and as a type", () => {
    assert.equal(check("packages/spec/src/a.ts", `import { x } from "@fairway/preview";`).length, 1);
    assert.equal(check("packages/spec/src/a.ts", `const x = () => import("@fairway/preview");`).length, 1);
    assert.equal(check("packages/spec/src/a.ts", `export type { X } from "@fairway/preview";`).length, 1);
  });

  test("refuses the back door into a package", () => {
    assert.equal(check("packages/spec/src/a.ts", `import { x } from "../../yaml/src/decode.ts";`).length, 1);
    assert.equal(check("packages/spec/src/a.ts", `import { x } from "@fairway/yaml/src/decode.ts";`).length, 1);
  });

  test("accepts the front door of a package on an allowed floor", () => {
    assert.deepEqual(check("packages/spec/src/a.ts", `import { x } from "@fairway/yaml"; import "./b.ts";`), []);
  });
});

describe("microservices", () => {
  const check = (text: string, path = "microservices/orders/src/a.ts") =>
    checkServiceImports(importsOf(sourceFile(path, text)));

  test("refuses other services, other packages and the inside of the kit", () => {
    assert.equal(check(`import { x } from "../../billing/src/b.ts";`).length, 1);
    assert.equal(check(`import { x } from "@fairway/cluster";`).length, 1);
    assert.equal(check(`import { x } from "@fairway/postgres";`).length, 1);
    assert.equal(check(`import { x } from "@fairway/kit/src/limits.ts";`).length, 1);
  });

  test("accepts the kit, Node, itself, and a database in tests", () => {
    assert.deepEqual(check(`import { x } from "@fairway/kit"; import "node:fs"; import "./b.ts";`), []);
    assert.deepEqual(check(`import { x } from "@fairway/postgres";`, "microservices/orders/tests/a.test.ts"), []);
  });

  test("misses the files that every service has", () => {
    assert.equal(checkServiceFiles("orders", new Set(["microservices/orders/package.json"])).length, 3);
  });
});

describe("cycles", () => {
  const check = (files: Record<string, string>) =>
    checkCycles(Object.entries(files).flatMap(([name, text]) => importsOf(inSpec(text, name))));

  test("finds a cycle over three files and names its members", () => {
    const found = check({ "a.ts": `import "./b.ts";`, "b.ts": `import "./c.ts";`, "c.ts": `import "./a.ts";` });
    assert.match(found[0]?.message ?? "", /a\.ts -> .*b\.ts -> .*c\.ts -> .*a\.ts/);
  });

  test("lets types refer to each other", () => {
    assert.deepEqual(check({ "a.ts": `import type { B } from "./b.ts";`, "b.ts": `import "./a.ts";` }), []);
  });
});

describe("purity", () => {
  const messages = (text: string) => checkPurity(inSpec(text)).map((each) => each.message);

  for (const text of [
    `import { readFileSync } from "node:fs";`,
    `import { randomBytes } from "node:crypto";`,
    `export const now = () => Date.now();`,
    `export const now = () => new Date();`,
    `export const dice = () => Math.random();`,
    `export const home = process.env["HOME"];`,
    `export const get = () => fetch("http://x");`,
    `export const later = (f: () => void) => setTimeout(f, 1);`,
  ]) {
    test(`refuses ${text}`, () => assert.equal(messages(text).length, 1));
  }

  test("accepts a given clock, a date of a given time, and names that only look global", () => {
    assert.deepEqual(
      messages(`import { createHash } from "node:crypto"; export const f = (now: number) => new Date(now);`),
      [],
    );
    assert.deepEqual(
      messages(`export const f = (process: { pid: number }) => process.pid; export interface G { fetch: string }`),
      [],
    );
    assert.deepEqual(messages(`export const f = (x: { console: string }) => x.console;`), []);
  });

  test("leaves tests and packages on other floors alone", () => {
    assert.deepEqual(checkPurity(inSpec(`import "node:fs";`, "a.test.ts")), []);
    assert.deepEqual(checkPurity(sourceFile("packages/cli/src/a.ts", `import "node:fs";`)), []);
  });
});

describe("size", () => {
  const lines = (count: number) => Array.from({ length: count }, (_, index) => `  f(${index});`).join("\n");

  test("refuses long files, long functions and long parameter lists", () => {
    assert.equal(checkSize(inSpec(`${lines(401)}\n`)).length, 1);
    assert.equal(checkSize(inSpec(`function g() {\n${lines(60)}\n}\n`)).length, 1);
    assert.equal(checkSize(inSpec(`const g = (a, b, c, d, e) => a;\n`)).length, 1);
  });

  test("does not count comments and blank lines of a function, nor a table", () => {
    assert.deepEqual(checkSize(inSpec(`function g() {\n${"  // why\n\n".repeat(40)}${lines(58)}\n}\n`)), []);
    assert.deepEqual(checkSize(sourceFile("packages/spec/src/data/kinds.ts", `${lines(2_000)}\n`)), []);
  });
});

test("file names: drawers and other spellings are refused", () => {
  assert.equal(checkFileName("packages/spec/src/utils.ts").length, 1);
  assert.equal(checkFileName("packages/spec/src/utils.test.ts").length, 1);
  assert.equal(checkFileName("packages/spec/src/resourceVersion.ts").length, 1);
  assert.deepEqual(checkFileName("packages/spec/src/resource-version.test.ts"), []);
});

test("front door: export *, code, open paths and undeclared imports are refused", () => {
  const manifest = { name: "@fairway/spec", exports: "./src/index.ts" };
  assert.deepEqual(checkFrontDoor("spec", manifest, inSpec(`export { a } from "./a.ts";`, "index.ts")), []);
  assert.equal(checkFrontDoor("spec", manifest, inSpec(`export * from "./a.ts";`, "index.ts")).length, 1);
  assert.equal(checkFrontDoor("spec", manifest, inSpec(`const a = 1;`, "index.ts")).length, 1);
  assert.equal(checkFrontDoor("spec", { ...manifest, exports: { "./*": "./*" } }, inSpec("", "index.ts")).length, 1);
  assert.equal(checkFrontDoor("spec", { ...manifest, name: "spec" }, inSpec("", "index.ts")).length, 1);
  assert.equal(checkDeclaredDependencies("spec", manifest, new Set(["yaml"])).length, 1);
});

test("leftovers: reminders, silenced checks and narrowed test runs are refused", () => {
  assert.equal(checkLeftovers(inSpec(`// TODO later`)).length, 1);
  assert.equal(checkLeftovers(inSpec(`// oxlint-disable-next-line`)).length, 1);
  assert.equal(checkLeftovers(inSpec(`  test.only("x", () => {});`, "a.test.ts")).length, 1);
  assert.deepEqual(checkLeftovers(inSpec(`// what to do next\nconst TODO = 1;`)), []);
});

describe("links in Markdown", () => {
  const page = { path: "docs/a.md", text: "" };
  const check = (text: string) =>
    checkLinks(
      { ...page, text },
      (path) => ["docs/b.md", "README.md"].includes(path),
      (path) => ({ path, text: "## One Two\n" }),
    );

  test("finds a missing file and a missing heading", () => {
    assert.equal(check("[x](c.md)").length, 1);
    assert.equal(check("[x](b.md#three)").length, 1);
    assert.equal(check("[x](#nothing)").length, 1);
  });

  test("accepts what is there, other sites, and examples in code", () => {
    assert.deepEqual(check("[x](b.md) [y](../README.md#one-two) [z](https://example.com) `[no](link.md)`"), []);
    assert.deepEqual(check("```\n[no](link.md)\n```\n"), []);
  });

  test("makes anchors as forges do", () => {
    assert.deepEqual(
      [...anchorsOf("# What, for whom?\n## `fairway check`\n# What, for whom?\n")],
      ["what-for-whom", "fairway-check", "what-for-whom-1"],
    );
  });
});
