import { existsSync, readdirSync, rmSync, writeFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { runTool, runToolOrFail } from "../../../network/run-tool.ts";

/** Files that stand for namespaces, which so live without a process in them. */
export interface NamespaceFiles {
  readonly network: string;
  readonly ipc: string;
}

/** Makes the namespaces that the containers of a pod share; the loopback of the network is up. */
export async function makeNamespaces(folder: string, id: string): Promise<NamespaceFiles> {
  const files = filesOf(folder, id);
  mkdirSync(join(folder, id), { recursive: true, mode: 0o700 });
  for (const file of [files.network, files.ipc]) writeFileSync(file, "");
  await runToolOrFail(["unshare", `--net=${files.network}`, `--ipc=${files.ipc}`, "ip", "link", "set", "lo", "up"]);
  return files;
}

/** The files of a sandbox from an earlier run; undefined when the machine has been started anew since. */
export async function findNamespaces(folder: string, id: string): Promise<NamespaceFiles | undefined> {
  const files = filesOf(folder, id);
  if (!existsSync(files.network)) return undefined;
  const { code } = await runTool(["nsenter", `--net=${files.network}`, "true"]);
  return code === 0 ? files : undefined;
}

export async function removeNamespaces(folder: string, id: string): Promise<void> {
  const { network, ipc } = filesOf(folder, id);
  const mounted = [network, ipc].filter((file) => existsSync(file));
  if (mounted.length > 0) await runTool(["umount", "--lazy", ...mounted]);
  rmSync(join(folder, id), { recursive: true, force: true });
}

/** The ids of all sandboxes of which something is left. */
export function listNamespaces(folder: string): string[] {
  return readdirSync(folder);
}

function filesOf(folder: string, id: string): NamespaceFiles {
  return { network: join(folder, id, "network"), ipc: join(folder, id, "ipc") };
}
