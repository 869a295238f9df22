// template, kustomize build and preview on real folders and a real Git repository.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, test, type TestContext } from "node:test";
import { runInProcess } from "../run-in-process.ts";

function scratchFolder(t: TestContext, files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "fairway-cli-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeAll(folder, files);
  return folder;
}

function writeAll(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

const chart = {
  "web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
  "web/values.yaml": "tag: one\npassword: hunter2\n",
  "web/templates/all.yaml": `apiVersion: v1
kind: Pod
metadata: { name: {{ .Release.Name }} }
spec: { containers: [ { name: web, image: "web:{{ .Values.tag }}" } ] }
---
apiVersion: v1
kind: Secret
metadata: { name: {{ .Release.Name }} }
stringData: { password: {{ .Values.password }} }
`,
};

describe("template", () => {
  test("takes helm's arguments and prints what helm prints", async (t) => {
    const cwd = scratchFolder(t, { ...chart, "more.yaml": "tag: two\n" });
    const { code, stdout, stderr } = await runInProcess(
      ["template", "shop", "web", "-f", "more.yaml", "--set", "password=x", "-s", "templates/all.yaml"],
      { cwd },
    );
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^---\n# Source: web\/templates\/all\.yaml\napiVersion: v1\nkind: Secret\n/);
    assert.match(stdout, /image: "web:two"/);
  });

  test("writes files below the folder that is given", async (t) => {
    const cwd = scratchFolder(t, chart);
    assert.equal((await runInProcess(["template", "shop", "web", "--output-dir", "out"], { cwd })).code, 0);
    assert.match(readFileSync(join(cwd, "out/web/templates/all.yaml"), "utf8"), /kind: Secret/);
  });

  test("says in helm's words what is wrong, and refuses what it does not do", async (t) => {
    const cwd = scratchFolder(t, {
      ...chart,
      "web/templates/bad.yaml": '{{ required "tag2 is needed" .Values.tag2 }}\n',
    });
    const failed = await runInProcess(["template", "shop", "web"], { cwd });
    assert.equal(failed.code, 1);
    assert.match(failed.stderr, /web\/templates\/bad\.yaml:1:3.*tag2 is needed/s);
    assert.equal((await runInProcess(["template", "shop", "web", "--nope"], { cwd })).code, 2);
    assert.match((await runInProcess(["template", "shop", "nowhere"], { cwd })).stderr, /no chart at nowhere/);
    assert.match((await runInProcess(["template", "shop", "web", "--validate"], { cwd })).stderr, /validate/);
  });
});

describe("kustomize build", () => {
  test("prints the objects, as text and as data", async (t) => {
    const cwd = scratchFolder(t, {
      "kustomization.yaml": "namePrefix: prod-\nresources: [ pod.yaml ]\n",
      "pod.yaml": "apiVersion: v1\nkind: Pod\nmetadata: { name: web }\n",
    });
    assert.equal(
      (await runInProcess(["kustomize", "build"], { cwd })).stdout,
      "apiVersion: v1\nkind: Pod\nmetadata:\n  name: prod-web\n",
    );
    assert.equal(
      JSON.parse((await runInProcess(["kustomize", "build", ".", "--json"], { cwd })).stdout)[0].metadata.name,
      "prod-web",
    );
    rmSync(join(cwd, "pod.yaml"));
    const failed = await runInProcess(["kustomize", "build"], { cwd });
    assert.equal(failed.code, 1);
    assert.match(failed.stderr, /pod\.yaml/);
  });
});

function stateRepository(t: TestContext) {
  const application = (name: string, path: string) => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: ${name}, namespace: argocd }
spec:
  source: { repoURL: "https://git.example.com/state.git", path: ${path} }
  destination: { server: "https://kubernetes.default.svc", namespace: ${name} }
`;
  const cwd = scratchFolder(t, {
    ...chart,
    "apps/a.yaml": application("a", "web"),
    "apps/b.yaml": application("b", "plain"),
    "plain/pod.yaml": "apiVersion: v1\nkind: Pod\nmetadata: { name: p }\n",
  });
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], { cwd, encoding: "utf8" });
  git("init", "--quiet", "--initial-branch=main");
  git("remote", "add", "origin", "git@git.example.com:state.git");
  git("add", "-A");
  git("commit", "--quiet", "-m", "one");
  git("switch", "--quiet", "-c", "change");
  const commit = (files: Readonly<Record<string, string>>) => {
    writeAll(cwd, files);
    git("add", "-A");
    git("commit", "--quiet", "-m", "change");
  };
  const cache = scratchFolder(t);
  const preview = (...words: string[]) =>
    runInProcess(["preview", "--base", "main", ...words], { cwd, env: { FAIRWAY_CACHE: cache } });
  return { cwd, git, commit, preview, cache };
}

describe("preview", () => {
  test("shows the objects that change, without the values of Secrets", async (t) => {
    const { commit, preview } = stateRepository(t);
    commit({ "web/values.yaml": "tag: two\npassword: hunter3\n" });
    const { code, stdout } = await preview();
    assert.equal(code, 1);
    assert.match(stdout, /~ Pod a\/a\n/);
    assert.match(stdout, /- .*image: web:one\n.*\+ .*image: web:two/);
    assert.match(stdout, /~ Secret a\/a\n/);
    assert.doesNotMatch(stdout, /hunter/);
    assert.match(stdout, /1 of 2 applications changes; objects: 0 added, 2 changed, 0 removed\.\n$/);
  });

  test("exits with 0 when only the form changes, and renders nothing that can't differ", async (t) => {
    const { commit, preview } = stateRepository(t);
    commit({ "plain/pod.yaml": '# the same\nmetadata: {name: "p"}\nkind: Pod\napiVersion: v1\n' });
    const { code, stdout } = await preview("--json");
    assert.equal(code, 0, stdout);
    assert.deepEqual(JSON.parse(stdout).totals.rendered, 2);
  });

  test("remembers what it rendered, in files for this user alone", async (t) => {
    const { commit, preview, cache } = stateRepository(t);
    commit({ "web/values.yaml": "tag: two\npassword: x\n" });
    const first = JSON.parse((await preview("--json")).stdout);
    const second = JSON.parse((await preview("--json")).stdout);
    assert.deepEqual([first.totals.rendered, second.totals.rendered], [2, 0]);
    assert.deepEqual(second.applications, first.applications);
    for (const name of readdirSync(join(cache, "preview")))
      assert.equal(statSync(join(cache, "preview", name)).mode & 0o077, 0);
  });

  test("reports an application that can't be rendered, and the others all the same", async (t) => {
    const { commit, preview } = stateRepository(t);
    commit({
      "web/templates/bad.yaml": '{{ fail "no" }}\n',
      "plain/pod.yaml": "apiVersion: v1\nkind: Pod\nmetadata: { name: q }\n",
    });
    const { code, stdout } = await preview();
    assert.equal(code, 1);
    assert.match(stdout, /^a failed/m);
    assert.match(stdout, /\+ Pod b\/q/);
  });

  test("names a chart that is missing when nothing may be fetched", async (t) => {
    const { commit, preview } = stateRepository(t);
    commit({
      "apps/c.yaml":
        'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: c }\nspec: { source: { repoURL: "https://charts.example.com", chart: redis, targetRevision: 1.2.3 } }\n',
    });
    const { stdout } = await preview("--offline");
    assert.match(stdout, /chart redis 1\.2\.3 of https:\/\/charts\.example\.com/);
  });

  test("writes a comment and a page", async (t) => {
    const { cwd, commit, preview } = stateRepository(t);
    commit({ "web/values.yaml": "tag: two\npassword: hunter2\n" });
    assert.equal((await preview("--format", "markdown", "-o", "comment.md")).code, 1);
    assert.match(
      readFileSync(join(cwd, "comment.md"), "utf8"),
      /^<!-- fairway preview -->\n\n### Preview: `main` → `HEAD`/,
    );
    assert.match((await preview("--format", "html")).stdout, /^<!doctype html>/);
  });

  test("says which revision or repository is missing", async (t) => {
    const { preview } = stateRepository(t);
    assert.match((await preview("--head", "nope")).stderr, /revision "nope" is not in/);
    const cwd = scratchFolder(t);
    assert.match(
      (await runInProcess(["preview", "--base", "main"], { cwd })).stderr,
      /can't be read as a Git repository/,
    );
  });
});
