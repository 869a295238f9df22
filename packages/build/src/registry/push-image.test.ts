import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { textFile } from "../archive/image-entry.ts";
import { writeTar } from "../archive/tar.ts";
import { jsonBlob, mediaTypes, type Descriptor } from "../oci/descriptor.ts";
import { ImageLayout } from "../oci/image-layout.ts";
import { runTool } from "../run-tool.ts";
import { PulledImage } from "./pull-image.ts";
import { pushImage, pushImages } from "./push-image.ts";
import { parseAddress } from "./registry-address.ts";

const folder = mkdtempSync(join(tmpdir(), "fairway-push-"));
const servers: ChildProcess[] = [];
const { signal } = new AbortController();
after(async () => {
  for (const server of servers) {
    server.kill();
    if (server.exitCode === null) await once(server, "exit");
  }
  rmSync(folder, { recursive: true, force: true });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return address !== null && typeof address === "object" ? address.port : 0;
}

/** Debian's docker-registry; undefined where it is not installed. */
async function startRegistry(name: string, auth = ""): Promise<string | undefined> {
  const port = await freePort();
  const storage = `storage: { filesystem: { rootdirectory: ${JSON.stringify(join(folder, name))} } }`;
  const settings = join(folder, `${name}.yml`);
  writeFileSync(settings, `version: 0.1\n${storage}\nhttp: { addr: "127.0.0.1:${port}" }\n${auth}`);
  const server = spawn("docker-registry", ["serve", settings], { stdio: ["ignore", "ignore", "pipe"] });
  const started = await new Promise<boolean>((resolve) => {
    server.on("error", () => resolve(false));
    server.on("exit", () => resolve(false));
    server.stderr.setEncoding("utf8").on("data", (text: string) => text.includes("listening on") && resolve(true));
  });
  if (!started) return undefined;
  servers.push(server);
  return `127.0.0.1:${port}`;
}

async function image(layout: ImageLayout, own: string): Promise<Descriptor> {
  const layers = [
    await layout.blobs.writeLayer(writeTar([textFile("usr/bin/shared", "the same for all".repeat(100))])),
    await layout.blobs.writeLayer(writeTar([textFile("app/main.js", own)])),
  ];
  const config = jsonBlob(mediaTypes.config, {
    architecture: "amd64",
    os: "linux",
    rootfs: { type: "layers", diff_ids: layers.map(({ diffId }) => diffId) },
  });
  const manifest = jsonBlob(mediaTypes.manifest, {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: config.descriptor,
    layers: layers.map(({ descriptor }) => descriptor),
  });
  await layout.blobs.write(config);
  await layout.blobs.write(manifest);
  return { ...manifest.descriptor, platform: { architecture: "amd64", os: "linux" } };
}

const why = "there is no docker-registry here";

describe("an image that is pushed", () => {
  const path = join(folder, "layout");

  test("arrives under its digest; what the registry has is not sent again, and what another repository has is mounted", async (context) => {
    const host = await startRegistry("plain");
    if (host === undefined) return context.skip(why);
    const layout = await ImageLayout.open(path);
    const [orders, users] = [await image(layout, "orders"), await image(layout, "users")];
    const images = [
      { service: "orders", digest: orders.digest, tag: "1.0.0" },
      { service: "users", digest: users.digest, tag: "1.0.0" },
    ];
    const settings = { layout: path, target: `${host}/shop`, env: {}, signal };
    const [first, second] = await pushImages(images, settings);
    assert.deepEqual(first?.blobs, { uploaded: 3, mounted: 0, present: 0 });
    assert.deepEqual(second?.blobs, { uploaded: 2, mounted: 1, present: 0 });
    assert.equal(first?.reference, `${host}/shop/orders@${orders.digest}`);
    const [again] = await pushImages(images.slice(0, 1), settings);
    assert.deepEqual([again?.uploadedBytes, again?.blobs.present], [0, 3]);
    const found = await PulledImage.find(parseAddress(`${host}/shop/users:1.0.0`), signal);
    assert.equal(found.descriptor.digest, users.digest);
    const printed = await runTool("skopeo", [
      "inspect",
      "--raw",
      "--tls-verify=false",
      `docker://${host}/shop/users:1.0.0`,
    ]).catch(() => undefined);
    if (printed === undefined) context.diagnostic("there is no skopeo here to read it back");
    else assert.equal(printed, (await layout.blobs.read(users.digest)).toString("utf8"));
  });

  test("brings along the images of all platforms when it is an index", async (context) => {
    const host = await startRegistry("index");
    if (host === undefined) return context.skip(why);
    const layout = await ImageLayout.open(path);
    const manifests = [await image(layout, "for amd64"), await image(layout, "for arm64")];
    const index = jsonBlob(mediaTypes.index, { schemaVersion: 2, mediaType: mediaTypes.index, manifests });
    await layout.blobs.write(index);
    const { digest } = index.descriptor;
    await pushImage({ layout: path, digest, target: `${host}/shop/orders`, env: {}, signal });
    for (const wanted of [digest, ...manifests.map((each) => each.digest)]) {
      const found = await PulledImage.find(parseAddress(`${host}/shop/orders@${wanted}`), signal);
      assert.equal(found.descriptor.digest, wanted);
    }
  });

  test("is let in by what docker login wrote down, and nobody else is", async (context) => {
    const users = join(folder, "htpasswd");
    // "secret", by bcrypt with 16 rounds.
    writeFileSync(users, "ada:$2b$04$SWKiKRjHZp8UtuP/ASe2X.dFSy1teZ1JMAVR4l2sKXTXpis8V/0X.\n");
    const host = await startRegistry("locked", `auth: { htpasswd: { realm: a, path: ${JSON.stringify(users)} } }\n`);
    if (host === undefined) return context.skip(why);
    const layout = await ImageLayout.open(path);
    const { digest } = await image(layout, "secret");
    const config = join(folder, "docker");
    mkdirSync(config);
    const login = (password: string): void => {
      const auth = Buffer.from(`ada:${password}`).toString("base64");
      writeFileSync(join(config, "config.json"), JSON.stringify({ auths: { [host]: { auth } } }));
    };
    const push = (env: Readonly<Record<string, string>>): Promise<unknown> =>
      pushImage({ layout: path, digest, target: `${host}/shop/orders`, env, signal });
    await assert.rejects(push({ DOCKER_CONFIG: join(folder, "nowhere") }), {
      code: "unauthorized",
      message: /docker login/u,
    });
    login("wrong");
    await assert.rejects(push({ DOCKER_CONFIG: config }), { code: "unauthorized", message: /docker login/u });
    login("secret");
    await push({ DOCKER_CONFIG: config });
  });

  test("that nobody built is named, and a registry that does not answer as well", async () => {
    const digest = `sha256:${"0".repeat(64)}`;
    const target = `127.0.0.1:${await freePort()}/shop/orders`;
    await assert.rejects(pushImage({ layout: path, digest, target, env: {}, signal }), { code: "image_not_found" });
    const built = await image(await ImageLayout.open(path), "x");
    await assert.rejects(pushImage({ layout: path, digest: built.digest, target, env: {}, signal }), {
      code: "registry_failed",
      message: /can't be reached/u,
    });
  });
});
