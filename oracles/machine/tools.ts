import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { OracleError } from "./oracle-error.ts";

/** Every program that the oracles call, with the Debian package that has it. */
const debianPackageOf = {
  "apt-cache": "apt",
  "apt-get": "apt",
  bash: "bash",
  cargo: "cargo",
  conntrack: "conntrack",
  containerd: "containerd",
  "containerd-shim-runc-v2": "containerd",
  cp: "coreutils",
  ctr: "containerd",
  "dpkg-deb": "dpkg",
  go: "golang-go",
  ip: "iproute2",
  iptables: "iptables",
  mount: "mount",
  nsenter: "util-linux",
  openssl: "openssl",
  runc: "runc",
  socat: "socat",
  tar: "tar",
  unshare: "util-linux",
} as const;

export type Tool = keyof typeof debianPackageOf;

/** System programs live in sbin, which is not on every user's PATH. */
export function searchPath(path: string | undefined): string {
  return [path ?? "", "/usr/local/sbin", "/usr/sbin", "/sbin"].filter((part) => part !== "").join(delimiter);
}

export function findTool(tool: string, path = searchPath(process.env["PATH"])): string | undefined {
  for (const folder of path.split(delimiter)) {
    const candidate = join(folder, tool);
    if (isExecutable(candidate)) return candidate;
  }
  return undefined;
}

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** One line that names what is missing and how to get it; undefined when everything is there. */
export function missingToolsLine(tools: readonly Tool[], path = searchPath(process.env["PATH"])): string | undefined {
  const missing = tools.filter((tool) => findTool(tool, path) === undefined);
  if (missing.length === 0) return undefined;
  const packages = [...new Set(missing.map((tool) => debianPackageOf[tool]))].sort();
  const noun = missing.length === 1 ? "is" : "are";
  return `${missing.join(", ")} ${noun} not on this machine: apt-get install --no-install-recommends ${packages.join(" ")}`;
}

export function requireTools(tools: readonly Tool[]): void {
  const line = missingToolsLine(tools);
  if (line !== undefined) throw new OracleError("tool-missing", line);
}
