// The charts before the real helm: it finds nothing wrong with them, and renders what ours renders.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, describe, test } from "node:test";
import { formatTemplateOutput, loadChartFolder, mergeUserValues, renderChart } from "@fairway/helm";
import { namespaceOf, postgresChart, renderState } from "../src/index.ts";
import { described, folders } from "./described.ts";
import { digest, renderedRelease } from "./rendered-release.ts";

/** `FAIRWAY_HELM`, helm on the path, or the one that the oracles keep. */
function findHelm(): string | undefined {
  const kept = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "fairway/oracles/clients/helm-of-1.34");
  const programs = [process.env["FAIRWAY_HELM"], "helm", ...(existsSync(kept) ? [kept] : [])];
  return programs.find((program) => {
    if (!program) return false;
    const { status, stdout } = spawnSync(program, ["version", "--short"], { encoding: "utf8" });
    return status === 0 && stdout.startsWith("v4.1.");
  });
}

const helm = findHelm();
const skip = helm === undefined && "there is no helm 4.1; FAIRWAY_HELM names one";
const folder = mkdtempSync(join(tmpdir(), "fairway-charts-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function runHelm(cwd: string, args: readonly string[]): string {
  const env = { HOME: folder, PATH: process.env["PATH"] ?? "" };
  const { status, stdout, stderr } = spawnSync(helm ?? "", args, { cwd, encoding: "utf8", env });
  assert.equal(status, 0, `helm ${args.join(" ")}\n${stdout}${stderr}`);
  return stdout;
}

for (const name of ["shop", "everything"] as const) {
  describe(`the charts of ${name}`, { skip }, () => {
    const { platform, services } = described(folders[name]);
    const state = renderState({ platform, services });
    const cwd = join(folder, name);
    for (const [path, text] of state) {
      mkdirSync(dirname(join(cwd, path)), { recursive: true });
      writeFileSync(join(cwd, path), text);
    }

    // The first, where much differs from the charts' own values, and the last, where little does.
    for (const environment of ["dev", "prod"]) {
      test(`are accepted by helm lint and rendered by helm template as here, for ${environment}`, () => {
        const charts = services.map(({ metadata }) => `services/${metadata.name}`);
        const shared = ["-f", `environments/${environment}/values.yaml`, "--set", `image.digest=${digest}`];
        assert.doesNotMatch(runHelm(cwd, ["lint", "--strict", ...charts, ...shared]), /\[(WARNING|ERROR)\]/);
        for (const { metadata } of services) {
          const service = metadata.name;
          const namespace = namespaceOf(platform, environment, service);
          const values = ["values", service].flatMap((file) => ["-f", `environments/${environment}/${file}.yaml`]);
          const flags = [...values, "--namespace", namespace, "--set", `image.digest=${digest}`];
          const ours = formatTemplateOutput(renderedRelease(state, { service, environment, namespace }));
          assert.equal(ours, runHelm(cwd, ["template", service, `services/${service}`, ...flags]));
        }
      });
    }
  });
}

test("the chart of PostgreSQL is accepted by helm lint and rendered as here", { skip }, () => {
  const cwd = join(folder, "postgres");
  const files = new Map([...postgresChart()].map(([path, text]) => [path, Buffer.from(text)] as const));
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), bytes);
  }
  for (const storage of ["", "fast"]) {
    const set = [
      "image.registry=r.example.com",
      `image.digest=${digest}`,
      "databases.orders=x",
      `storage.class=${storage}`,
    ];
    const flags = ["--namespace", "shop-dev", ...set.flatMap((line) => ["--set", line])];
    assert.doesNotMatch(runHelm(cwd, ["lint", "--strict", ".", ...flags]), /\[(WARNING|ERROR)\]/);
    const options = { releaseName: "postgres", namespace: "shop-dev", values: mergeUserValues({ set }) };
    const ours = formatTemplateOutput(renderChart(loadChartFolder(files), options));
    assert.equal(ours, runHelm(cwd, ["template", "postgres", ".", ...flags]));
  }
});
