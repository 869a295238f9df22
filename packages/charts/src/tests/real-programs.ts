import { execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { promisify } from "node:util";
import { newFolder } from "./chart-world.ts";

export const helmProgram = process.env["FAIRWAY_HELM"] ?? "helm";

/** Why a test that needs real programs is passed over; false when it is not. */
export function missingPrograms(...programs: readonly (readonly [name: string, argument: string])[]): string | false {
  const missing = programs.filter(([name, argument]) => !answers(name, argument)).map(([name]) => name);
  return missing.length > 0 && `needs ${missing.join(" and ")} (FAIRWAY_HELM names helm)`;
}

function answers(name: string, argument: string): boolean {
  try {
    execFileSync(name, [argument], { stdio: "ignore" });
    return true;
  } catch {
    // Whatever the reason, it can't be used, and the test says so.
    return false;
  }
}

/** Runs helm with folders of its own, and gives what it printed to either stream. */
export function newHelm(t: TestContext) {
  const home = newFolder(t);
  const env = {
    ...process.env,
    HELM_CACHE_HOME: join(home, "cache"),
    HELM_CONFIG_HOME: join(home, "config"),
    HELM_DATA_HOME: join(home, "data"),
  };
  const run = async (...args: readonly string[]) => {
    const { stdout, stderr } = await promisify(execFile)(helmProgram, [...args], { cwd: home, env });
    return stdout + stderr;
  };
  /** Packages a chart of nothing but its name and version. */
  const pack = async (name: string, version: string) => {
    const folder = join(home, "source", name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "Chart.yaml"), `apiVersion: v2\nname: ${name}\nversion: ${version}\n`);
    await run("package", folder, "--destination", home);
    return join(home, `${name}-${version}.tgz`);
  };
  return { home, run, pack };
}

/** The registry of the Debian package `docker-registry`, on loopback, with its own storage. */
export async function startRegistry(t: TestContext): Promise<string> {
  const folder = newFolder(t);
  const host = `127.0.0.1:${await freePort()}`;
  const config = join(folder, "config.yml");
  writeFileSync(
    config,
    `version: 0.1\nstorage: {filesystem: {rootdirectory: ${JSON.stringify(folder)}}}\nhttp: {addr: "${host}"}\n`,
  );
  const registry = spawn("docker-registry", ["serve", config], { stdio: ["ignore", "ignore", "pipe"] });
  t.after(async () => {
    const ended = once(registry, "close");
    registry.kill();
    await ended;
  });
  for await (const line of registry.stderr.iterator({ destroyOnReturn: false })) {
    if (String(line).includes("listening on")) break;
  }
  registry.stderr.resume();
  return host;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}
