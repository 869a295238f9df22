import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { images, layers } from "../images/data/images.ts";
import { binaryPath, estimateSeconds, missingBinaries } from "./binaries.ts";
import { binaryRecipes, kubernetesVersion } from "./data/binaries.ts";
import type { BinaryName } from "./data/binaries.ts";

const names = Object.keys(binaryRecipes) as BinaryName[];
const modules = join(import.meta.dirname, "modules");

test("names every binary after all that it is made from", () => {
  const paths = names.map((name) => binaryPath(name));
  assert.equal(new Set(paths).size, names.length);
  for (const path of paths) assert.match(path, /-[0-9a-f]{16}$/u);
});

test("pins what it requires: each requirement has its sum, and Kubernetes' own modules have one version", () => {
  for (const module of new Set(Object.values(binaryRecipes).map((recipe) => recipe.module))) {
    const text = readFileSync(join(modules, module, "go.mod"), "utf8");
    const required = [...text.matchAll(/^\t?(?:require )?(\S+) (v\S+)/gmu)].filter(([line]) => !line.includes("=>"));
    if (required.length === 0) continue;
    const sums = readFileSync(join(modules, module, "go.sum"), "utf8");
    for (const [, path = "", version = ""] of required) {
      const replaced = new RegExp(`^\\t${path} => ${path} (\\S+)$`, "mu").exec(text)?.[1];
      assert.ok(sums.includes(`${path} ${replaced ?? version}`), `${module}: ${path}`);
    }
    const staging = [...text.matchAll(/=> k8s\.io\/\S+ (\S+)$/gmu)].map(([, version]) => version);
    assert.ok(staging.every((version) => version === kubernetesVersion.replace("v1.", "v0.")));
  }
});

test("estimates only what is missing, and less on more cores", () => {
  const missing = missingBinaries([...names, ...names]);
  const expected = missing.reduce((sum, name) => sum + binaryRecipes[name].secondsOnTwoCores, 0);
  assert.equal(estimateSeconds([...names, ...names], 2), expected);
  assert.equal(estimateSeconds(names, 4), Math.round(expected / 2));
});

test("the suite's version of the image for cluster DNS is the module's", () => {
  const version = /coredns\/coredns (v\S+)/u.exec(readFileSync(join(modules, "coredns", "go.mod"), "utf8"))?.[1];
  assert.ok(images.some((image) => image.names.includes(`registry.k8s.io/coredns/coredns:${version ?? ""}`)));
  assert.ok(Object.values(layers).some((layer) => Object.values(layer.binaries ?? {}).includes("coredns")));
});
