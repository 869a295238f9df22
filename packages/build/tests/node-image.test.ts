import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { buildPostgresImage, machinePlatform, type BuiltImage } from "@fairway/build";
import { libraryClosure, librarySource } from "../src/elf/library-closure.ts";
import { nodeBinary } from "../src/languages/node-binary.ts";
import { architectureOf } from "../src/services/service-source.ts";
import { blobPath, configOf, filesOf, manifestOf } from "./image-files.ts";
import { buildOne, writeService } from "./platform-folder.ts";

const folder = mkdtempSync(join(tmpdir(), "fairway-node-image-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const hasGlibc = ["/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1"].some((path) => existsSync(path));
const skip = process.platform === "linux" && hasGlibc ? false : "images of Node are made from a Linux with glibc";

const main = (greeting: string): string => `import { readFileSync } from "node:fs";
import { join } from "node:path";
import { greet } from "greeter";
console.log(greet("${greeting}"), readFileSync(join(import.meta.dirname, "../pages/index.html"), "utf8").trim(), process.getuid?.());
`;

const files = {
  "package.json": `{ "version": "1.2.3", "type": "module" }`,
  "src/main.ts": main("ahoy"),
  "src/main.test.ts": `throw new Error("a test is no part of an image");`,
  "tests/more.test.ts": "",
  "pages/index.html": "<p>hello</p>",
  "node_modules/greeter/package.json": `{ "name": "greeter", "version": "1.0.0", "type": "module", "main": "index.js" }`,
  "node_modules/greeter/index.js": "export const greet = (name) => `greeted ${name}`;",
  Dockerfile: "FROM scratch",
  "README.md": "# greeter",
} as const;

function commit(repository: string): string {
  const { GIT_DIR: _, ...env } = process.env;
  const git = (...words: string[]): string =>
    execFileSync("git", ["-C", repository, "-c", "user.name=A", "-c", "user.email=a@example.com", ...words], {
      env,
      encoding: "utf8",
    });
  git("init", "-q");
  git("add", "-A");
  git("commit", "-q", "-m", "a change");
  return git("rev-parse", "HEAD").trim();
}

const layers = (layout: string, { digest }: BuiltImage): readonly string[] =>
  manifestOf(layout, digest).layers.map((layer) => layer.digest);

describe("the image of a service in TypeScript", { skip, timeout: 1_200_000 }, () => {
  const root = join(folder, "here");
  const layout = join(folder, "images");
  const cache = join(folder, "cache");
  const options = { root, layout, cache };
  let image: BuiltImage;

  before(async () => {
    image = await buildOne(writeService(root, { name: "greeter", language: "typescript", files }), options);
  });

  test("holds its own files, Node, and exactly the libraries that Node needs", async () => {
    const architecture = architectureOf(machinePlatform());
    const node = await nodeBinary(architecture, cache, new AbortController().signal);
    const libraries = libraryClosure([node.path], librarySource(architecture, undefined)).map(({ path }) => path);
    const found = (await filesOf(layout, image.digest)).map((path) =>
      path.replace(/dependencies-[\w-]+\.js/u, "dependencies.js"),
    );
    const expected = [
      "app/dist/dependencies.js",
      "app/dist/dependencies.js.map",
      "app/dist/main.js",
      "app/dist/main.js.map",
      "app/package.json",
      "app/pages/index.html",
      "etc/group",
      "etc/nsswitch.conf",
      "etc/passwd",
      "etc/ssl/certs/ca-certificates.crt",
      "usr/bin/node",
      ...libraries,
    ];
    assert.deepEqual(found, expected.toSorted());
  });

  test("is smaller than 130 MB, and says how it is run and where it comes from", () => {
    assert.ok(image.unpackedBytes < 130_000_000, `${image.unpackedBytes} bytes`);
    const { config, created } = configOf(layout, image.digest);
    assert.equal(created, "1970-01-01T00:00:00Z");
    assert.deepEqual(config, {
      User: "65532:65532",
      ExposedPorts: { "8080/tcp": {} },
      Env: ["HOST=0.0.0.0", "NODE_ENV=production", "PORT=8080"],
      Entrypoint: ["/usr/bin/node"],
      Cmd: ["--enable-source-maps", "dist/main.js"],
      WorkingDir: "/app",
      Labels: {
        "org.opencontainers.image.created": created,
        "org.opencontainers.image.title": "greeter",
        "org.opencontainers.image.version": "1.2.3",
      },
      StopSignal: "SIGTERM",
    });
  });

  test("has the same digest when it is built from another folder, with another umask and no cache", async () => {
    const elsewhere = join(folder, "somewhere-else", "deeper");
    const umask = process.umask(0o077);
    try {
      const source = writeService(elsewhere, { name: "greeter", language: "typescript", files });
      const again = await buildOne(source, {
        root: elsewhere,
        layout: join(folder, "images-2"),
        cache: join(folder, "cache-2"),
      });
      assert.equal(again.cached, false);
      assert.equal(again.layersReused, 0);
      assert.equal(again.digest, image.digest);
    } finally {
      process.umask(umask);
    }
  });

  test("is not built again when nothing changed, and is when a blob of it is gone", async () => {
    const source = writeService(join(folder, "again"), { name: "greeter", language: "typescript", files });
    const settings = { ...options, root: join(folder, "again") };
    await buildOne(source, settings);
    const second = await buildOne(source, settings);
    assert.deepEqual([second.cached, second.digest], [true, image.digest]);
    rmSync(blobPath(layout, layers(layout, image).at(-1) ?? ""));
    const third = await buildOne(source, settings);
    assert.deepEqual([third.cached, third.digest, third.layersReused], [false, image.digest, 3]);
  });

  test("differs by kilobytes when its code changes", async () => {
    const source = writeService(root, {
      name: "greeter",
      language: "typescript",
      files: { "src/main.ts": main("good day") },
    });
    const changed = await buildOne(source, options);
    const before = layers(layout, image);
    const after = manifestOf(layout, changed.digest).layers;
    assert.deepEqual(
      after.slice(0, -1).map(({ digest }) => digest),
      before.slice(0, -1),
    );
    assert.notEqual(after.at(-1)?.digest, before.at(-1));
    assert.ok((after.at(-1)?.size ?? Infinity) < 10_000);
  });

  test("stays when a commit changes something else, and names the commit that changed the service", async () => {
    const repository = join(folder, "repository");
    const source = writeService(repository, { name: "greeter", language: "typescript", files });
    const settings = { ...options, root: repository };
    const first = commit(repository);
    const built = await buildOne(source, settings);
    const revisionOf = ({ digest }: BuiltImage): unknown => {
      const { config } = configOf(layout, digest) as { config: { Labels: Record<string, string> } };
      return config.Labels["org.opencontainers.image.revision"];
    };
    assert.equal(revisionOf(built), first);
    writeFileSync(join(repository, "unrelated.md"), "# else");
    commit(repository);
    const again = await buildOne(source, settings);
    assert.deepEqual([again.cached, again.digest], [true, built.digest]);
    writeFileSync(join(repository, "services/greeter/pages/index.html"), "<p>new</p>");
    const third = commit(repository);
    assert.equal(revisionOf(await buildOne(source, settings)), third);
  });

  test("runs from its root alone, with the symbols of Node left out", (context) => {
    if (process.getuid?.() !== 0) return context.skip("only root may change the root");
    const rootfs = join(folder, "rootfs");
    mkdirSync(rootfs);
    for (const layer of layers(layout, image)) execFileSync("tar", ["-xzpf", blobPath(layout, layer), "-C", rootfs]);
    const words = ["--userspec=65532:65532", rootfs, "/usr/bin/node", "/app/dist/main.js"];
    assert.equal(execFileSync("chroot", words, { encoding: "utf8" }), "greeted ahoy <p>hello</p> 65532\n");
    assert.equal(readFileSync(join(rootfs, "etc/passwd"), "utf8").split("\n").length, 3);
  });

  test("shares Node with the image of PostgreSQL", async (context) => {
    const signal = new AbortController().signal;
    const given = { layout, cache, platforms: [machinePlatform()], registry: "ghcr.io/acme/shop", signal };
    const postgres = await buildPostgresImage(given).catch((error: unknown) => {
      if (error instanceof Error && /is not installed/u.test(error.message)) return error.message;
      throw error;
    });
    if (typeof postgres === "string") return context.skip(postgres);
    assert.equal(layers(layout, postgres)[1], layers(layout, image)[1]);
    const found = await filesOf(layout, postgres.digest);
    for (const path of ["bin/sh", "usr/lib/postgres/bin/initdb", "usr/lib/postgres/bin/postgres"]) {
      assert.ok(found.includes(path), path);
    }
  });
});

describe("a service that can't be built", () => {
  const root = join(folder, "failing");
  const options = { root, layout: join(folder, "failing-images"), cache: join(folder, "failing-cache") };

  test("because its code is wrong says where", { skip }, async () => {
    const source = writeService(root, {
      name: "wrong",
      language: "typescript",
      files: { "src/main.ts": "const = 1;" },
    });
    await assert.rejects(buildOne(source, options), { code: "compile_failed", message: /wrong.*main\.ts/su });
  });

  test("because nothing begins says what is looked for", { skip }, async () => {
    const source = writeService(root, { name: "empty", language: "typescript", files: {} });
    await assert.rejects(buildOne(source, options), { code: "invalid_file", message: /has none of src\/main\.ts/u });
  });

  test("because of its language says which way is left", async () => {
    const source = writeService(root, { name: "net", language: "dotnet", files: {} });
    await assert.rejects(buildOne(source, options), { code: "unsupported_language", message: /--engine buildah/u });
  });

  test("because the layout can't be written to says so", async () => {
    writeFileSync(join(folder, "a-file"), "");
    const source = writeService(root, { name: "nowhere", language: "typescript", files });
    await assert.rejects(buildOne(source, { ...options, layout: join(folder, "a-file") }), { code: "layout_failed" });
  });
});
