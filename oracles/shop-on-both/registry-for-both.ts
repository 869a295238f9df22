import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findFreePorts } from "../machine/ports.ts";
import { waitUntil } from "../machine/wait-until.ts";
import { findTool } from "../machine/tools.ts";
import { endServer, spawnServer } from "../images-run/container-engine.ts";
import { startMs } from "../images-run/limits.ts";

export interface RegistryForBoth {
  /** `127.0.0.1:5000`, on this machine and in the network of the node. */
  readonly address: string;
  readonly close: () => Promise<void>;
}

/** Why this machine has no registry, in one line; undefined when it has one. */
export function whyNoRegistry(): string | undefined {
  if (findTool("docker-registry") !== undefined) return undefined;
  return "docker-registry is not on this machine: apt-get install --no-install-recommends docker-registry";
}

/**
 * Debian's registry twice over one folder of images, at one address: on the loopback of this machine, and on that of the
 * network of a process. What is pushed here is pulled there, under one name and without certificates.
 */
export async function startRegistryForBoth(folder: string, pid: number): Promise<RegistryForBoth> {
  const [port = 0] = await findFreePorts(1);
  const address = `127.0.0.1:${port}`;
  const settings = join(folder, "registry.yml");
  const storage = `storage: { filesystem: { rootdirectory: ${JSON.stringify(join(folder, "storage"))} } }`;
  await writeFile(settings, `version: 0.1\n${storage}\nhttp: { addr: "${address}" }\n`);
  const serve = ["docker-registry", "serve", settings];
  const servers = [
    spawnServer(serve, join(folder, "registry.log")),
    spawnServer(["nsenter", `--net=/proc/${pid}/ns/net`, ...serve], join(folder, "registry-of-node.log")),
  ];
  const close = async (): Promise<void> => {
    await Promise.all(servers.map(endServer));
  };
  const answers = async (): Promise<boolean> =>
    (await listens(pid, port)) &&
    fetch(`http://${address}/v2/`).then(
      ({ ok }) => ok,
      () => false,
    );
  try {
    await waitUntil(answers, { what: "the answer of both registries", timeoutMs: startMs });
    return { address, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Whether somebody listens at a port of 127.0.0.1 in the network of a process; the kernel writes both in hexadecimal. */
async function listens(pid: number, port: number): Promise<boolean> {
  const sockets = await readFile(`/proc/${pid}/net/tcp`, "utf8");
  const wanted = `0100007F:${port.toString(16).toUpperCase().padStart(4, "0")} 00000000:0000 0A`;
  return sockets.split("\n").some((line) => line.includes(wanted));
}
