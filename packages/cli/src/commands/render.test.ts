import assert from "node:assert/strict";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  existsSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test, type TestContext } from "node:test";
import { runInProcess } from "../run-in-process.ts";

const repository = join(import.meta.dirname, "../../../..");

function scratchFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "fairway-render-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function smallPlatform(t: TestContext): Promise<string> {
  const cwd = scratchFolder(t);
  await runInProcess(["init", ".", "--name", "shop"], { cwd });
  await runInProcess(["new", "service", "orders", "-l", "go"], { cwd });
  await runInProcess(["new", "service", "stock", "-l", "go"], { cwd });
  return cwd;
}

interface Told {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  readonly unchanged: number;
}

async function render(cwd: string, ...words: readonly string[]): Promise<Told & { readonly code: number }> {
  const { code, stdout, stderr } = await runInProcess(["render", "--json", ...words], { cwd });
  assert.notEqual(stdout, "", stderr);
  return { ...(JSON.parse(stdout) as Told), code };
}

test("reference/iac-state is what the descriptions of the shop say: `fairway render microservices --out reference/iac-state`", async () => {
  const { code, stdout } = await runInProcess(["render", "microservices", "--out", "reference/iac-state", "--check"], {
    cwd: repository,
  });
  assert.equal(code, 0, stdout);
});

describe("fairway render", () => {
  test("writes what is described, and the second time nothing", async (t) => {
    const cwd = await smallPlatform(t);
    const first = await render(cwd);
    assert.equal(first.code, 0);
    assert.ok(first.added.includes("services/orders/templates/deployment.yaml"));
    const chart = join(cwd, "iac-state/services/orders/Chart.yaml");
    const before = statSync(chart).mtimeMs;
    const second = await render(cwd);
    assert.deepEqual([second.added, second.changed, second.removed], [[], [], []]);
    assert.equal(second.unchanged, first.added.length);
    assert.equal(statSync(chart).mtimeMs, before);
    // The templates named service.yaml are no descriptions.
    const checked = await runInProcess(["check", "--json"], { cwd });
    assert.equal((JSON.parse(checked.stdout) as { files: number }).files, 3);
  });

  test("with --check writes nothing, names what differs and ends with 1", async (t) => {
    const cwd = await smallPlatform(t);
    assert.equal((await render(cwd, "--check")).code, 1);
    assert.equal(existsSync(join(cwd, "iac-state")), false);
    await render(cwd);
    const description = join(cwd, "services/orders/service.yaml");
    writeFileSync(description, `${readFileSync(description, "utf8")}  scale: { max: 12 }\n`);
    const { code, stdout } = await runInProcess(["render", "--check"], { cwd });
    assert.equal(code, 1);
    assert.match(stdout, /^differs services\/orders\/values\.yaml\n.*1 different, \d+ as they were/);
    assert.deepEqual((await render(cwd)).changed, ["services/orders/values.yaml"]);
    assert.equal((await render(cwd, "--check")).code, 0);
  });

  test("removes what is no longer described, its folders too, and nothing that somebody else put there", async (t) => {
    const cwd = await smallPlatform(t);
    await render(cwd);
    writeFileSync(join(cwd, "iac-state/services/orders/NOTES.md"), "mine\n");
    rmSync(join(cwd, "services/orders"), { recursive: true });
    rmSync(join(cwd, "services/stock"), { recursive: true });
    const { removed } = await render(cwd);
    assert.ok(removed.includes("services/orders/Chart.yaml") && removed.includes("environments/prod/stock.yaml"));
    assert.equal(readFileSync(join(cwd, "iac-state/services/orders/NOTES.md"), "utf8"), "mine\n");
    assert.equal(existsSync(join(cwd, "iac-state/services/stock")), false);
    assert.deepEqual((await render(cwd)).removed, []);
  });

  test("of one environment leaves the files of the others alone", async (t) => {
    const cwd = await smallPlatform(t);
    const dev = await render(cwd, "--env", "dev");
    assert.ok(dev.added.every((path) => !/^(environments|base)\/(staging|prod)/.test(path)));
    const all = await render(cwd);
    assert.ok(all.added.every((path) => /^(environments|base)\/(staging|prod)/.test(path)));
    assert.deepEqual((await render(cwd, "--env", "dev")).removed, []);
    assert.equal((await render(cwd, "--check")).code, 0);
    const unknown = await runInProcess(["render", "--env", "live"], { cwd });
    assert.equal(unknown.code, 2);
    assert.match(unknown.stderr, /no environment "live"; there are dev, staging, prod/);
  });

  test("keeps the versions that were deployed, and refuses a registry that it can't read", async (t) => {
    const cwd = await smallPlatform(t);
    await render(cwd);
    const registry = join(cwd, "iac-state/registry/versions.yaml");
    const digest = `sha256:${"0".repeat(64)}`;
    writeFileSync(registry, `environments: { prod: { orders: { version: 1.2.3, digest: "${digest}" } } }\n`);
    assert.deepEqual((await render(cwd)).changed, ["environments/prod/orders.yaml", "registry/versions.yaml"]);
    assert.match(readFileSync(join(cwd, "iac-state/environments/prod/orders.yaml"), "utf8"), /version: 1\.2\.3/);
    assert.deepEqual((await render(cwd)).changed, []);
    writeFileSync(registry, "environments: [\n");
    const broken = await runInProcess(["render"], { cwd });
    assert.equal(broken.code, 1);
    assert.match(broken.stderr, /registry\/versions\.yaml/);
  });

  test("writes nothing of a description with errors, and says where they are", async (t) => {
    const cwd = await smallPlatform(t);
    writeFileSync(join(cwd, "services/stock/service.yaml"), "kind: Service\n");
    const { code, stderr } = await runInProcess(["render"], { cwd });
    assert.equal(code, 1);
    assert.match(stderr, /services\/stock\/service\.yaml:1/);
    assert.equal(existsSync(join(cwd, "iac-state")), false);
    assert.match((await runInProcess(["render"], { cwd: scratchFolder(t) })).stderr, /there is no platform\.yaml/);
  });

  test("never leaves its folder, whatever links and lists say", async (t) => {
    const cwd = await smallPlatform(t);
    await render(cwd);
    const outside = scratchFolder(t);
    writeFileSync(join(outside, "precious"), "data\n");
    const list = join(cwd, "iac-state/.fairway-files");
    writeFileSync(
      list,
      `${readFileSync(list, "utf8")}../../precious\n${outside}/precious\nservices/../../../precious\n`,
    );
    await render(cwd);
    assert.equal(readFileSync(join(outside, "precious"), "utf8"), "data\n");
    rmSync(join(cwd, "iac-state/base"), { recursive: true });
    symlinkSync(outside, join(cwd, "iac-state/base"));
    const { code, stderr } = await runInProcess(["render"], { cwd });
    assert.equal(code, 3);
    assert.match(stderr, /base is a link; what is rendered stays in/);
    assert.equal(existsSync(join(outside, "dev")), false);
  });

  test("goes on where it was cut off", async (t) => {
    const cwd = await smallPlatform(t);
    await render(cwd);
    const copy = join(scratchFolder(t), "copy");
    cpSync(join(cwd, "iac-state"), copy, { recursive: true });
    rmSync(join(copy, "services/orders/templates"), { recursive: true });
    mkdirSync(join(copy, "services/orders/templates"));
    assert.ok((await render(cwd, "--out", copy)).added.length > 5);
    assert.equal((await render(cwd, "--out", copy, "--check")).code, 0);
  });
});
