import { spawn } from "node:child_process";
import { join } from "node:path";
import { NetworkError } from "./network-error.ts";

/** One call of a plugin, as the CNI specification (1.0) has it. */
export interface CniCall {
  readonly command: "ADD" | "DEL" | "CHECK";
  readonly containerId: string;
  /** The file that stands for the network namespace. */
  readonly namespace: string;
  readonly interfaceName: string;
  readonly pluginFolder: string;
}

export interface CniResult {
  readonly ips?: readonly { readonly address: string; readonly gateway?: string }[];
  readonly [name: string]: unknown;
}

export interface CniPlugin {
  readonly type: string;
  readonly [name: string]: unknown;
}

export interface CniNetwork {
  readonly name: string;
  readonly cniVersion: string;
  readonly plugins: readonly CniPlugin[];
}

/** Runs the plugins of a network one after the other; each gets the result of the one before. */
export async function cniAdd(network: CniNetwork, call: Omit<CniCall, "command">): Promise<CniResult> {
  let result: CniResult = {};
  for (const [index, plugin] of network.plugins.entries()) {
    const previous = index === 0 ? {} : { prevResult: result };
    result = await callPlugin({ ...call, command: "ADD" }, { ...header(network), ...plugin, ...previous });
  }
  return result;
}

/** Takes everything back, the last plugin first. What is gone already is no failure. */
export async function cniDelete(
  network: CniNetwork,
  call: Omit<CniCall, "command">,
  result: CniResult | undefined,
): Promise<void> {
  const previous = result === undefined ? {} : { prevResult: result };
  for (const plugin of network.plugins.toReversed()) {
    await callPlugin({ ...call, command: "DEL" }, { ...header(network), ...plugin, ...previous });
  }
}

function header({ name, cniVersion }: CniNetwork): { name: string; cniVersion: string } {
  return { name, cniVersion };
}

async function callPlugin(call: CniCall, configuration: CniPlugin): Promise<CniResult> {
  const file = join(call.pluginFolder, configuration.type);
  const child = spawn(file, [], {
    stdio: ["pipe", "pipe", "pipe"],
    env: {
      PATH: process.env["PATH"] ?? "/usr/sbin:/usr/bin:/sbin:/bin",
      CNI_COMMAND: call.command,
      CNI_CONTAINERID: call.containerId,
      CNI_NETNS: call.namespace,
      CNI_IFNAME: call.interfaceName,
      CNI_PATH: call.pluginFolder,
    },
  });
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  // A plugin that reads no more has said why by its exit code.
  child.stdin.on("error", () => child.stdin.destroy());
  child.stdin.end(JSON.stringify(configuration));
  const code = await new Promise<number>((resolve, reject) => {
    child.once("error", (error) => reject(new NetworkError("cni-failed", `${file}: ${error.message}`, error)));
    child.once("close", (exitCode) => resolve(exitCode ?? 1));
  });
  if (code !== 0) {
    const said = messageOf(out) ?? (err.trim() === "" ? `exit code ${code}` : err.trim());
    throw new NetworkError(
      "cni-failed",
      `plugin type="${configuration.type}" failed (${call.command.toLowerCase()}): ${said}`,
    );
  }
  return out.trim() === "" ? {} : parse(out, configuration.type);
}

function parse(text: string, type: string): CniResult {
  try {
    // The plugin's answer; what of it is used is looked at where it is used.
    return JSON.parse(text) as CniResult;
  } catch (error) {
    throw new NetworkError("cni-failed", `plugin type="${type}" answered no JSON: ${text.slice(0, 200)}`, error);
  }
}

function messageOf(text: string): string | undefined {
  try {
    const { msg = "", details = "" } = JSON.parse(text) as { msg?: string; details?: string };
    return details === "" ? msg : `${msg}: ${details}`;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
