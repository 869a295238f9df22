import { accessSync, constants, existsSync } from "node:fs";
import { join } from "node:path";

/** The machine's programs that run containers and connect them. */
export interface OciTools {
  readonly engine: string;
  readonly cniFolder: string;
}

const engines = ["runc", "crun"];
const plugins = ["bridge", "host-local", "loopback", "portmap"];
/** Debian's folder first, then those that the CNI project and other systems use. */
const cniFolders = ["/usr/lib/cni", "/opt/cni/bin", "/usr/libexec/cni"];
const others = ["unshare", "nsenter", "mount", "script", "ip", "iptables-restore"];

/** Finds them, or says what is missing and how to get it. */
export function findOciTools(): OciTools | { readonly missing: string } {
  if (process.platform !== "linux") return { missing: "containers need Linux" };
  if (process.getuid?.() !== 0) return { missing: "containers with a network of their own need root" };
  const engine = engines.map(find).find((path) => path !== undefined);
  const cniFolder = cniFolders.find((folder) => plugins.every((plugin) => existsSync(join(folder, plugin))));
  const missing = [
    ...(engine === undefined ? ["runc"] : []),
    ...(cniFolder === undefined ? ["containernetworking-plugins"] : []),
    ...others.filter((name) => find(name) === undefined),
  ];
  if (engine === undefined || cniFolder === undefined || missing.length > 0) {
    return {
      missing: `missing on this machine: ${missing.join(", ")} (apt-get install ${packagesOf(missing).join(" ")})`,
    };
  }
  return { engine, cniFolder };
}

const packages: Readonly<Record<string, string>> = {
  ip: "iproute2",
  "iptables-restore": "iptables",
  unshare: "util-linux",
  nsenter: "util-linux",
  mount: "mount",
  script: "bsdutils",
};

function packagesOf(missing: readonly string[]): string[] {
  return [...new Set(missing.map((name) => packages[name] ?? name))];
}

function find(name: string): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(":"), "/usr/sbin", "/sbin", "/usr/local/sbin"];
  return folders.map((folder) => join(folder, name)).find(isProgram);
}

function isProgram(path: string): boolean {
  if (!existsSync(path)) return false;
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
