import { spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { ensureImages } from "../images/build-images.ts";
import { cacheFolder } from "../machine/cache.ts";
import { nodeReadyMs } from "../machine/limits.ts";
import { identify, killAndWait } from "../machine/process-identity.ts";
import { publishFolder } from "../machine/publish.ts";
import type { Report } from "../machine/report.ts";
import { run, runOrFail } from "../machine/run.ts";
import { searchPath } from "../machine/tools.ts";
import { waitUntil } from "../machine/wait-until.ts";

/** containerd's databases, the only files of a store that it changes in place. */
const databases = ["io.containerd.metadata.v1.bolt/meta.db", "io.containerd.snapshotter.v1.overlayfs/metadata.db"];

/** A containerd root with all images imported and unpacked, made once; a node starts from a copy of it. */
export async function ensureImageStore(report: Report): Promise<string> {
  const layout = await ensureImages(report);
  const store = join(cacheFolder(), "containerd", basename(layout));
  if (existsSync(store)) return store;
  report("importing the images into containerd");
  const work = `${store}.${process.pid}`;
  rmSync(work, { recursive: true, force: true });
  mkdirSync(join(work, "state"), { recursive: true });
  try {
    await importLayout(layout, work);
    publishFolder(join(work, "root"), store);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return store;
}

async function importLayout(layout: string, work: string): Promise<void> {
  const socket = join(work, "state", "containerd.sock");
  const config = join(work, "config.toml");
  writeFileSync(
    config,
    [
      "version = 2",
      `root = "${join(work, "root")}"`,
      `state = "${join(work, "state")}"`,
      'disabled_plugins = ["io.containerd.grpc.v1.cri"]',
      "[grpc]",
      `  address = "${socket}"`,
      "",
    ].join("\n"),
  );
  const child = spawn("setpriv", ["--pdeathsig", "KILL", "containerd", "--config", config], {
    stdio: "ignore",
    env: { PATH: searchPath(process.env["PATH"]) },
  });
  const ended = new Promise((resolve) => {
    child.once("exit", resolve);
    child.once("error", resolve);
  });
  const ctr = ["ctr", "--address", socket, "--namespace", "k8s.io"];
  await waitUntil(async () => (await run([...ctr, "version"])).code === 0, {
    what: "containerd for the import",
    timeoutMs: nodeReadyMs,
    hopeless: () => (child.exitCode === null ? undefined : `containerd ended with ${child.exitCode}`),
  });
  await runOrFail([
    "bash",
    "-c",
    'set -o pipefail; tar -C "$1" -cf - . | "${@:2}" images import -',
    "bash",
    layout,
    ...ctr,
  ]);
  const identity = child.pid === undefined ? undefined : identify("containerd", child.pid);
  child.kill("SIGTERM");
  await ended;
  if (identity !== undefined) await killAndWait([identity]);
}

/**
 * A node's own containerd root. Layers are hard links: they are lower layers of overlays, which nobody writes to. The
 * databases are copies.
 */
export async function copyImageStore(store: string, target: string): Promise<void> {
  const linked = await run(["cp", "-al", store, target]);
  if (linked.code !== 0) {
    rmSync(target, { recursive: true, force: true });
    await runOrFail(["cp", "-a", store, target]);
    return;
  }
  for (const database of databases) {
    rmSync(join(target, database));
    copyFileSync(join(store, database), join(target, database));
  }
}
