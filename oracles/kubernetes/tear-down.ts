import { existsSync, readdirSync, readFileSync, rmSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { cgroupGoneMs, removal } from "../machine/limits.ts";
import { systemCodeOf } from "../machine/oracle-error.ts";
import { findByEnvironment, killAndWait } from "../machine/process-identity.ts";
import { run } from "../machine/run.ts";
import { waitUntil } from "../machine/wait-until.ts";
import { cgroupName, identityVariable, interfaceName, readState, stateFile } from "./cluster-state.ts";
import type { ClusterState } from "./cluster-state.ts";

/** Everything that a starter writes into a cluster's folder; nothing else in there is touched. */
const ownEntry =
  /^(?:certificates|cluster\.json\.new|etcd|logs|node-\d|tokens\.csv|(?:admin|kube[a-z\d-]+)\.kubeconfig)$/u;

export interface TearDownOptions {
  /** Leave logs in place, for a look after a failure. */
  readonly keepLogs?: boolean;
}

/** Ends what a cluster's folder says was started, and nothing else. Gives false when there was nothing. */
export async function tearDown(folder: string, options: TearDownOptions = {}): Promise<boolean> {
  const state = readState(folder);
  if (state === undefined) return false;
  await endProcesses(state);
  if (state.kind === "node") {
    await removeInterface(state.id);
    await removeCgroups(state.id);
    await removeMounts(folder);
  }
  for (const entry of readdirSync(folder).filter((each) => ownEntry.test(each))) {
    if (entry === "logs" && options.keepLogs === true) continue;
    rmSync(join(folder, entry), { recursive: true, force: true, ...removal });
  }
  rmSync(stateFile(folder), { force: true });
  if (readdirSync(folder).length === 0) rmdirSync(folder);
  return true;
}

/** The recorded ones first; then, until there are none, those that only their environment gives away. */
async function endProcesses(state: ClusterState): Promise<void> {
  await killAndWait(state.processes);
  for (;;) {
    const strays = findByEnvironment(identityVariable, state.id);
    if (strays.length === 0) return;
    await killAndWait(strays);
  }
}

/** The interface goes with the network namespace, a moment after its last process; here it is made sure of. */
async function removeInterface(id: string): Promise<void> {
  const name = interfaceName(id);
  if (!existsSync(`/sys/class/net/${name}`)) return;
  await run(["ip", "link", "delete", name]);
  await waitUntil(() => !existsSync(`/sys/class/net/${name}`), {
    what: `the end of interface ${name}`,
    timeoutMs: cgroupGoneMs,
  });
}

export function cgroupHierarchies(): string[] {
  const root = "/sys/fs/cgroup";
  if (!existsSync(root)) return [];
  if (existsSync(join(root, "cgroup.controllers"))) return [root];
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(root, entry.name));
}

async function removeCgroups(id: string): Promise<void> {
  for (const hierarchy of cgroupHierarchies()) {
    const top = join(hierarchy, cgroupName(id));
    await waitUntil(() => removeCgroupTree(top), { what: `the end of cgroup ${top}`, timeoutMs: cgroupGoneMs });
  }
}

/** Cgroups are removed from the leaves up; one with a task that is just ending is busy and is tried again. */
function removeCgroupTree(folder: string): boolean {
  if (!existsSync(folder)) return true;
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isDirectory() && !removeCgroupTree(join(folder, entry.name))) return false;
    }
    rmdirSync(folder);
    return true;
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === "ENOENT") return true;
    if (code === "EBUSY") return false;
    throw error;
  }
}

/** All mounts of a node are in its own mount namespace; one that shows outside is undone, innermost first. */
async function removeMounts(folder: string): Promise<void> {
  for (const mount of mountsUnder(folder, readFileSync("/proc/self/mountinfo", "utf8")).toReversed()) {
    await run(["umount", "--lazy", mount]);
  }
}

/** The mount points in a folder; mountinfo writes blanks and backslashes in octal. */
export function mountsUnder(folder: string, mountinfo: string): string[] {
  return mountinfo
    .split("\n")
    .map((line) => line.split(" ")[4] ?? "")
    .map((point) => point.replaceAll(/\\([0-7]{3})/gu, (_, digits: string) => String.fromCharCode(parseInt(digits, 8))))
    .filter((point) => point.startsWith(`${folder}/`));
}
