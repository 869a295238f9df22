import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findFreePorts } from "../machine/ports.ts";
import { endServer, spawnServer, untilUp } from "./container-engine.ts";

export interface DockerRegistry {
  /** `127.0.0.1:5000` */
  readonly address: string;
  readonly close: () => Promise<void>;
}

/** Debian's docker-registry on a free port of this machine, with its images in a folder. */
export async function startDockerRegistry(folder: string): Promise<DockerRegistry> {
  const [port = 0] = await findFreePorts(1);
  const address = `127.0.0.1:${port}`;
  const settings = join(folder, "registry.yml");
  const storage = `storage: { filesystem: { rootdirectory: ${JSON.stringify(join(folder, "storage"))} } }`;
  await writeFile(settings, `version: 0.1\n${storage}\nhttp: { addr: "${address}" }\n`);
  const server = spawnServer(["docker-registry", "serve", settings], join(folder, "registry.log"));
  const answers = async (): Promise<boolean> =>
    fetch(`http://${address}/v2/`).then(
      ({ ok }) => ok,
      () => false,
    );
  await untilUp(server, "docker-registry", answers);
  return { address, close: async () => endServer(server) };
}
