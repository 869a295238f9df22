import { finding, requirement, type Finding } from "./finding.ts";
import type { Machine } from "./machine.ts";

const oldestNode = 24;
const oldestGit = [2, 30] as const;

export async function checkTools(machine: Machine): Promise<readonly Finding[]> {
  return [
    checkNode(machine),
    await checkGit(machine),
    await checkNpm(machine),
    await checkOptionalTool(machine, {
      program: "kubectl",
      versionArgs: ["version", "--client"],
      with: "can talk to any cluster that Fairway starts",
      without: "not needed; install it to look into a cluster with the usual client",
    }),
    await checkOptionalTool(machine, {
      program: "helm",
      versionArgs: ["version", "--short"],
      with: "can judge rendered charts beside Fairway's own renderer",
      without: "not needed: Fairway renders charts itself",
    }),
  ];
}

function checkNode(machine: Machine): Finding {
  const major = Number.parseInt(machine.nodeVersion, 10);
  return major >= oldestNode
    ? requirement("node", "ok", machine.nodeVersion, "runs Fairway")
    : requirement(
        "node",
        "missing",
        machine.nodeVersion,
        `start Fairway by ./fairway, or install Node ${oldestNode} or newer`,
      );
}

async function checkGit(machine: Machine): Promise<Finding> {
  const printed = await machine.output("git", ["--version"]);
  const version = printed && versionIn(printed);
  if (!version)
    return requirement("git", "missing", "not found", "install git: the state of every platform lives in it");
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const oldEnough = major > oldestGit[0] || (major === oldestGit[0] && minor >= oldestGit[1]);
  return oldEnough
    ? requirement("git", "ok", version, "reads and writes the state repository")
    : requirement("git", "limited", version, `update git: ${oldestGit.join(".")} is the oldest that is tried`);
}

async function checkNpm(machine: Machine): Promise<Finding> {
  const version = await machine.output("npm", ["--version"]);
  return version
    ? finding("npm", "ok", version, "installs Fairway and updates it")
    : finding("npm", "missing", "not found", "install Node with npm; ./fairway needs it when the lock file changes");
}

interface OptionalTool {
  readonly program: string;
  readonly versionArgs: readonly string[];
  readonly with: string;
  readonly without: string;
}

async function checkOptionalTool(machine: Machine, tool: OptionalTool): Promise<Finding> {
  const printed = await machine.output(tool.program, tool.versionArgs);
  const version = printed && (versionIn(printed) ?? "unknown version");
  return version
    ? finding(tool.program, "ok", version, tool.with)
    : finding(tool.program, "missing", "not found", tool.without);
}

function versionIn(text: string): string | undefined {
  return /\d+\.\d+(\.\d+)?/.exec(text)?.[0];
}
