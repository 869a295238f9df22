import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runToolOrFail } from "../../../network/run-tool.ts";
import { discardOciContainer } from "./oci-container.ts";
import type { OciPlace } from "./oci-place.ts";

/** The first process of a pod whose containers see each other's processes; it reaps those that lose their parent. */
export interface PodProcess {
  readonly id: string;
  readonly pid: number;
}

const script = "trap 'exit 0' TERM INT; while :; do sleep 2147483647 & wait; done";
const machineFolders = ["bin", "lib", "lib64", "usr"].map((name) => `/${name}`);

/** Runs a shell of the machine's with nothing of the machine's but its programs, read-only. */
export async function startPodProcess(
  podFolder: string,
  place: OciPlace,
  namespaces: { readonly network: string; readonly ipc: string },
): Promise<PodProcess> {
  const id = randomBytes(32).toString("hex");
  const folder = join(podFolder, "pod-process");
  mkdirSync(join(folder, "rootfs"), { recursive: true, mode: 0o755 });
  const bind = (path: string): object => {
    return { destination: path, type: "bind", source: path, options: ["rbind", "ro", "nosuid", "nodev"] };
  };
  const spec = {
    ociVersion: "1.0.2",
    process: {
      terminal: false,
      user: { uid: 65_534, gid: 65_534 },
      args: ["/bin/sh", "-c", script],
      env: ["PATH=/usr/bin:/bin"],
      cwd: "/",
      capabilities: {},
      noNewPrivileges: true,
    },
    root: { path: "rootfs", readonly: true },
    mounts: [
      { destination: "/proc", type: "proc", source: "proc", options: ["nosuid", "noexec", "nodev"] },
      ...machineFolders.filter((path) => existsSync(path)).map(bind),
    ],
    linux: {
      namespaces: [
        { type: "mount" },
        { type: "pid" },
        { type: "network", path: namespaces.network },
        { type: "ipc", path: namespaces.ipc },
      ],
      cgroupsPath: join(place.cgroup, id),
    },
  };
  writeFileSync(join(folder, "config.json"), JSON.stringify(spec));
  // The engine would wait until the last program that holds its output has ended.
  const quiet = '"$@" < /dev/null > "$0" 2>&1';
  const run = [place.tools.engine, "--root", place.stateFolder, "run", "--detach", "--bundle", folder];
  await runToolOrFail(["sh", "-c", quiet, join(folder, "output"), ...run, "--pid-file", join(folder, "pid"), id]);
  return { id, pid: Number(readFileSync(join(folder, "pid"), "utf8")) };
}

export async function endPodProcess(id: string, place: OciPlace): Promise<void> {
  await discardOciContainer(id, place);
}
