import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { cniAdd, cniDelete } from "./cni.ts";
import type { CniCall, CniNetwork, CniResult } from "./cni.ts";
import { NetworkError } from "./network-error.ts";
import { runTool, runToolOrFail } from "./run-tool.ts";

export interface PodNetworkOptions {
  /** Keeps who has which address. */
  readonly folder: string;
  /** Names of the kernel's things begin with it; at most ten characters. */
  readonly mark: string;
  readonly pluginFolder: string;
  /** A /24; left out: one that follows from the mark, so that several clusters find room on one machine. */
  readonly subnet?: string;
}

export interface PortMapping {
  readonly hostPort: number;
  readonly containerPort: number;
  readonly protocol: string;
  readonly hostIP?: string;
}

export interface Attachment {
  readonly id: string;
  /** The file that stands for the network namespace. */
  readonly namespace: string;
  readonly ports: readonly PortMapping[];
}

/** The network of the pods of one node: a bridge that the machine is on too, made by CNI plugins. */
export interface PodNetwork {
  readonly bridge: string;
  readonly subnet: string;
  /** The machine's own address on it. */
  readonly gateway: string;
  readonly attach: (attachment: Attachment) => Promise<string[]>;
  readonly detach: (attachment: Attachment) => Promise<void>;
  /** Gives back the addresses of everyone who is not among these. */
  readonly forgetOthers: (ids: ReadonlySet<string>) => void;
  readonly close: () => Promise<void>;
}

const interfaceName = "eth0";

export async function openPodNetwork(options: PodNetworkOptions): Promise<PodNetwork> {
  const { folder, mark, pluginFolder, subnet = subnetOf(mark) } = options;
  const bridge = `${mark}br`.slice(0, 15);
  const gateway = subnet.replace(/\.0\/\d+$/u, ".1");
  const addresses = join(folder, "addresses");
  const results = join(folder, "attached");
  for (const each of [addresses, results]) mkdirSync(each, { recursive: true, mode: 0o700 });
  await makeBridge(bridge, `${gateway}/${subnet.split("/")[1] ?? "24"}`);
  const network = networkOf({ mark, bridge, subnet, addresses });
  const callFor = ({ id, namespace }: Attachment): Omit<CniCall, "command"> => {
    return { containerId: id, namespace, interfaceName, pluginFolder };
  };
  const withPorts = (ports: readonly PortMapping[]): CniNetwork => ({
    ...network,
    plugins: network.plugins.flatMap((plugin) => {
      if (plugin.type !== "portmap") return [plugin];
      return ports.length === 0 ? [] : [{ ...plugin, runtimeConfig: { portMappings: ports } }];
    }),
  });
  return {
    bridge,
    subnet,
    gateway,
    attach: async (attachment) => {
      const result = await cniAdd(withPorts(attachment.ports), callFor(attachment));
      writeFileSync(join(results, attachment.id), JSON.stringify(result), { mode: 0o600 });
      const found = (result.ips ?? []).map(({ address }) => address.replace(/\/\d+$/u, ""));
      if (found.length === 0) throw new NetworkError("cni-failed", "the network gave the pod no address");
      return found;
    },
    detach: async (attachment) => {
      const file = join(results, attachment.id);
      const known: CniResult | undefined = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
      await cniDelete(withPorts(attachment.ports), callFor(attachment), known);
      rmSync(file, { force: true });
    },
    forgetOthers: (ids) => {
      forgetOthers(join(addresses, network.name), ids);
      for (const id of readdirSync(results)) if (!ids.has(id)) rmSync(join(results, id));
    },
    close: async () => {
      await runTool(["ip", "link", "delete", bridge]);
    },
  };
}

/** The ranges that the oracles and Docker use are left alone. */
function subnetOf(mark: string): string {
  const [first = 0, second = 0] = createHash("sha256").update(mark).digest();
  return `10.${128 + (first % 64)}.${second}.0/24`;
}

function networkOf(facts: { mark: string; bridge: string; subnet: string; addresses: string }): CniNetwork {
  const ipam = {
    type: "host-local",
    dataDir: facts.addresses,
    ranges: [[{ subnet: facts.subnet }]],
    routes: [{ dst: "0.0.0.0/0" }],
  };
  return {
    name: facts.mark,
    cniVersion: "1.0.0",
    plugins: [
      { type: "bridge", bridge: facts.bridge, isGateway: true, hairpinMode: true, ipam },
      { type: "portmap", capabilities: { portMappings: true }, snat: true },
    ],
  };
}

/** The bridge is there before the first pod: the machine's address on it is the node's. */
async function makeBridge(bridge: string, address: string): Promise<void> {
  await runTool(["ip", "link", "add", bridge, "type", "bridge"]);
  const commands = [`address replace ${address} dev ${bridge}`, `link set ${bridge} up`];
  await runToolOrFail(["ip", "-batch", "-"], { input: `${commands.join("\n")}\n` });
  writeSetting("net/ipv4/ip_forward", "1");
  // Services on addresses of the machine itself, such as the API server on its loopback, are reached from the bridge.
  writeSetting(`net/ipv4/conf/${bridge}/route_localnet`, "1");
  // Answers between two pods pass by the rules that translated the question.
  writeSetting("net/bridge/bridge-nf-call-iptables", "1");
}

function writeSetting(name: string, value: string): void {
  const path = join("/proc/sys", name);
  if (existsSync(path) && readFileSync(path, "utf8").trim() !== value) writeFileSync(path, value);
}

/** host-local keeps a file an address, whose first line is who has it. */
function forgetOthers(folder: string, ids: ReadonlySet<string>): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    if (!/^\d+\.\d+\.\d+\.\d+$/u.test(name)) continue;
    const owner = readFileSync(join(folder, name), "utf8").split(/\r?\n/u)[0] ?? "";
    if (!ids.has(owner)) rmSync(join(folder, name));
  }
}
