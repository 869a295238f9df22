import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { basename, join } from "node:path";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { Door } from "./door.ts";

export interface UpProcess {
  readonly door: Door;
  down(): Promise<void>;
}

const root = fileURLToPath(new URL("../../../", import.meta.url));
const cli = join(root, "packages/cli/src/main.ts");
const ports = { api: 6_443, ingress: 8_080 } as const;
const offsetsFrom = 4_000;
const offsetsMax = 200;

/** The shop as `fairway up` runs it, from a copy of its own: the clone's own platform is left alone. */
export async function startUp(): Promise<UpProcess> {
  const folder = mkdtempSync(join(tmpdir(), "shop-up-"));
  const source = join(root, "microservices");
  cpSync(source, join(folder, "microservices"), { recursive: true, filter: (path) => basename(path) !== "dist" });
  // The folder with .git is the repository; what is in it does not matter here.
  mkdirSync(join(folder, ".git"));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  const down = async (): Promise<void> => {
    if (existsSync(join(folder, ".fairway"))) await fairway(folder, "down");
    rmSync(folder, { recursive: true, force: true });
  };
  const offset = await freeOffset();
  try {
    await fairway(folder, "up", "--detach", "--runtime", "process", "--port-offset", String(offset));
  } catch (error) {
    await down();
    throw error;
  }
  return { door: new Door(`http://shop.dev.localhost:${ports.ingress + offset}`), down };
}

async function fairway(cwd: string, ...args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [cli, ...args], { cwd, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stdout.on("data", (chunk) => (said += chunk));
  child.stderr.on("data", (chunk) => (said += chunk));
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`fairway ${args.join(" ")} ended with ${String(code)}:\n${said}`);
}

/**
 * Moves both ports to where nobody listens, below those that the system gives to outgoing connections; several runs at once
 * begin at different places.
 */
async function freeOffset(): Promise<number> {
  for (let attempt = 0; attempt < offsetsMax; attempt++) {
    const offset = offsetsFrom + ((process.pid * 7 + attempt) % 17_000);
    if ((await isFree(ports.api + offset)) && (await isFree(ports.ingress + offset))) return offset;
  }
  throw new Error(`none of ${offsetsMax} pairs of ports is free`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
