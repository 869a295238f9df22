import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { sandboxImage } from "../kubernetes/node-components.ts";
import { images, layers } from "./data/images.ts";
import { closure, parseDepends } from "./debian-packages.ts";
import { imageConfig, writeLayout } from "./oci-layout.ts";

test("every image is made of layers that are described, and every layer is used", () => {
  const used = new Set(images.flatMap((image) => image.layers));
  assert.deepEqual([...used].sort(), Object.keys(layers).sort());
});

test("no name is given to two images, and each is a whole reference", () => {
  const names = images.flatMap((image) => image.names);
  assert.equal(new Set(names).size, names.length);
  for (const name of names) assert.match(name, /^[a-z0-9.]+(?:\/[a-z0-9-]+)+:[\w.-]+$/u);
  assert.ok(names.includes(sandboxImage));
});

test("reads what packages need, the first of alternatives", () => {
  const text = [
    "curl",
    "  Depends: libc6",
    " |Depends: first-choice",
    " |Depends: second-choice",
    "  Depends: third-choice",
    "  PreDepends: zlib1g",
    "  Depends: <virtual>",
    "    real-one",
    "libc6",
    "  Depends: libgcc-s1",
    "",
  ].join("\n");
  assert.deepEqual(Object.fromEntries(parseDepends(text)), {
    curl: ["libc6", "first-choice", "zlib1g", "<virtual>"],
    libc6: ["libgcc-s1"],
  });
});

test("follows needs to their end, through cycles, without virtual and set-up packages", () => {
  const needs = new Map([
    ["a", ["b", "debconf"]],
    ["b", ["c", "<virtual>"]],
    ["c", ["a"]],
  ]);
  assert.deepEqual(closure(["a"], needs), ["a", "b", "c"]);
});

test("writes a layout whose digests are those of its blobs", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "layout-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const layer = { name: "one", digest: `sha256:${"a".repeat(64)}`, size: 7 };
  writeLayout(folder, [{ names: ["registry.test/a:1", "registry.test/a:2"], layers: ["one"] }], [layer]);
  const index = JSON.parse(readFileSync(join(folder, "index.json"), "utf8")) as {
    manifests: { digest: string; annotations: Record<string, string> }[];
  };
  assert.deepEqual(
    index.manifests.map((each) => each.annotations["io.containerd.image.name"]),
    ["registry.test/a:1", "registry.test/a:2"],
  );
  const digest = index.manifests[0]?.digest ?? "";
  const blob = readFileSync(join(folder, "blobs", "sha256", digest.slice("sha256:".length)));
  assert.equal(`sha256:${createHash("sha256").update(blob).digest("hex")}`, digest);
});

test("an image's configuration has what its recipe says, and its layers in order", () => {
  const blob = (name: string): { name: string; digest: string; size: number } => ({
    name,
    digest: `sha256:${name}`,
    size: 1,
  });
  const recipe = {
    names: ["registry.test/a:1"],
    layers: ["low", "high"],
    entrypoint: ["/run"],
    user: "1234",
    ports: [80],
  };
  const config = imageConfig(recipe, [blob("low"), blob("high")], "amd64") as {
    config: { Entrypoint: string[]; User: string; Cmd?: string[]; ExposedPorts: object };
    rootfs: { diff_ids: string[] };
  };
  assert.deepEqual(config.config.Entrypoint, ["/run"]);
  assert.equal(config.config.User, "1234");
  assert.equal(config.config.Cmd, undefined);
  assert.deepEqual(config.config.ExposedPorts, { "80/tcp": {} });
  assert.deepEqual(config.rootfs.diff_ids, ["sha256:low", "sha256:high"]);
});
