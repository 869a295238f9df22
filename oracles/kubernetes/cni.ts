import { existsSync } from "node:fs";
import { join } from "node:path";
import { OracleError } from "../machine/oracle-error.ts";

/** Debian's folder first, then those that the CNI project and other systems use. */
const folders = ["/usr/lib/cni", "/opt/cni/bin", "/usr/libexec/cni"];

/** Every plugin that a node's network is made of. */
const plugins = ["bridge", "host-local", "loopback", "portmap"];

function findCniFolder(): string | undefined {
  return folders.find((folder) => plugins.every((plugin) => existsSync(join(folder, plugin))));
}

export function missingCniLine(): string | undefined {
  if (findCniFolder() !== undefined) return undefined;
  return "the CNI plugins are not on this machine: apt-get install --no-install-recommends containernetworking-plugins";
}

/** Where the plugins are. */
export function cniFolder(): string {
  const found = findCniFolder();
  if (found === undefined) throw new OracleError("tool-missing", missingCniLine() ?? "");
  return found;
}
