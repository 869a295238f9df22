// init, new service, check and explain on real folders.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test, type TestContext } from "node:test";
import { runInProcess } from "../run-in-process.ts";

function scratchFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "fairway-cli-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

describe("a new platform", () => {
  test("with a service passes the check, and nothing is ever written over", async (t) => {
    const cwd = scratchFolder(t);
    assert.equal((await runInProcess(["init", "shop"], { cwd })).code, 0);
    const shop = join(cwd, "shop");
    const added = await runInProcess(["new", "service", "orders", "-l", "go"], { cwd: shop });
    assert.equal(added.code, 0, added.stderr);
    const checked = await runInProcess(["check", "--json"], { cwd: shop });
    assert.deepEqual(JSON.parse(checked.stdout), { files: 2, services: 1, errors: 0, warnings: 0, problems: [] });
    const again = await runInProcess(["init", "shop"], { cwd });
    assert.equal(again.code, 1);
    assert.match(again.stderr, /platform\.yaml exists already/);
    assert.match(
      (await runInProcess(["new", "service", "orders", "-l", "go"], { cwd: shop })).stderr,
      /has a service orders already/,
    );
  });

  test("refuses names that Kubernetes would refuse, and a service without a platform", async (t) => {
    const cwd = scratchFolder(t);
    assert.equal((await runInProcess(["init", "My_Shop"], { cwd })).code, 2);
    assert.equal((await runInProcess(["init", ".", "--name", "shop"], { cwd })).code, 0);
    assert.equal((await runInProcess(["new", "service", "Orders", "-l", "go"], { cwd })).code, 2);
    assert.match(
      (await runInProcess(["new", "service", "orders", "-l", "golang"], { cwd })).stderr,
      /did you mean|allowed: /,
    );
    const empty = scratchFolder(t);
    assert.match(
      (await runInProcess(["new", "service", "orders", "-l", "go"], { cwd: empty })).stderr,
      /no valid platform\.yaml/,
    );
  });
});

describe("check", () => {
  test("shows each problem with its line, and exits with 1", async (t) => {
    const cwd = scratchFolder(t);
    await runInProcess(["init", ".", "--name", "shop"], { cwd });
    mkdirSync(join(cwd, "orders"));
    writeFileSync(
      join(cwd, "orders/service.yaml"),
      "apiVersion: fairway.dev/v1\nkind: Service\nmetadata: { name: orders, owner: a }\nspec: { language: rst }\n",
    );
    const { code, stdout } = await runInProcess(["check"], { cwd });
    assert.equal(code, 1);
    assert.match(
      stdout,
      /orders\/service\.yaml:4:19: error:.*"rst"\n {2}4 \| spec: \{ language: rst \}\n.*\^\n.*did you mean rust\?/,
    );
    assert.match(stdout, /2 files, 0 services: 1 error/);
  });

  test("counts warnings as errors only with --strict", async (t) => {
    const cwd = scratchFolder(t);
    await runInProcess(["init", ".", "--name", "shop"], { cwd });
    mkdirSync(join(cwd, "a"));
    const text =
      "apiVersion: fairway.dev/v1\nkind: Service\nmetadata: { name: a, owner: t }\nspec: { language: go, needs: { publishes: [ Done ] } }\n";
    writeFileSync(join(cwd, "a/service.yaml"), text);
    assert.equal((await runInProcess(["check"], { cwd })).code, 0);
    assert.equal((await runInProcess(["check", "--strict"], { cwd })).code, 1);
  });

  test("refuses links that leave the folder, dead links and missing folders, and passes dependencies over", async (t) => {
    const cwd = scratchFolder(t);
    const outside = scratchFolder(t);
    writeFileSync(join(outside, "service.yaml"), "secret: from elsewhere\n");
    mkdirSync(join(cwd, "a"));
    symlinkSync(join(outside, "service.yaml"), join(cwd, "a/service.yaml"));
    const left = await runInProcess(["check"], { cwd });
    assert.equal(left.code, 3);
    assert.match(left.stderr, /a\/service\.yaml is a link that leaves/);
    assert.doesNotMatch(left.stderr, /secret/);
    rmSync(join(outside, "service.yaml"));
    assert.match((await runInProcess(["check"], { cwd })).stderr, /link to nothing/);
    assert.equal((await runInProcess(["check", "nowhere"], { cwd })).code, 2);
    const other = scratchFolder(t);
    mkdirSync(join(other, "node_modules/x"), { recursive: true });
    writeFileSync(join(other, "node_modules/x/service.yaml"), "not: ours\n");
    assert.match((await runInProcess(["check"], { cwd: other })).stderr, /there is no platform\.yaml/);
  });

  test("reads only the beginning of a huge file", async (t) => {
    const cwd = scratchFolder(t);
    writeFileSync(join(cwd, "service.yaml"), Buffer.alloc(50 * 1024 * 1024, "a"));
    const { code, stdout } = await runInProcess(["check"], { cwd });
    assert.equal(code, 1);
    assert.match(stdout, /a description has at most/);
  });
});

describe("explain and schema", () => {
  test("print a page for people and data for programs", async () => {
    const page = await runInProcess(["explain", "service.scale"]);
    assert.match(page.stdout, /min +whole number +default 2 +Fewest pods/);
    const data = await runInProcess(["explain", "service.scale", "--json"]);
    assert.equal(JSON.parse(data.stdout).fields[0].name, "min");
    assert.equal(JSON.parse((await runInProcess(["schema", "service"])).stdout).title, "Fairway service");
  });

  test("name the nearest field", async () => {
    const { code, stderr } = await runInProcess(["explain", "service.scael"]);
    assert.equal(code, 2);
    assert.match(stderr, /did you mean service\.spec\.scale\?/);
  });
});
