// The two servers that bench/cluster.ts compares: ours, and the real API server with etcd, which waits for the disk as in production.
import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync, rmSync, mkdtempSync, existsSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import type { Access } from "./cluster-connection.ts";

const root = join(import.meta.dirname, "..");
const ticksPerSecond = 100;

export interface Server {
  readonly name: "ours" | "real";
  readonly access: Access;
  /** From the start of its first process to the first request that was answered. */
  readonly startMs: number;
  readonly startCpuMs: number;
  /** Of all its processes. */
  readonly memoryMegabytes: () => number;
  readonly cpuSeconds: () => number;
  readonly close: () => Promise<void>;
}

export interface OursOptions {
  readonly profileFolder: string | undefined;
  /** What `npm run build` made, as it is published. */
  readonly isBuilt: boolean;
}

export async function startOurs({ profileFolder, isBuilt }: OursOptions): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), "fairway-bench-"));
  const entry = isBuilt ? join(root, "dist/fairway.js") : join(root, "packages/cli/src/main.ts");
  const profile = profileFolder === undefined ? [] : ["--cpu-prof", "--cpu-prof-dir", profileFolder];
  const port = await freePort();
  const begun = performance.now();
  const args = ["cluster", "start", "--data", folder, "--port", String(port), "--parts", "api-server"];
  const child = spawn(process.execPath, [...profile, entry, ...args], { stdio: ["ignore", "ignore", "inherit"] });
  await answered(port, child);
  const startMs = performance.now() - begun;
  const kubeconfig = join(folder, "kubeconfig");
  while (!existsSync(kubeconfig)) await pause(5);
  return server("ours", { access: accessOf(kubeconfig), startMs, pids: [child.pid ?? 0] }, async () => {
    child.kill("SIGINT");
    await once(child, "exit");
    rmSync(folder, { recursive: true, force: true });
  });
}

export async function startReal(): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), "fairway-bench-"));
  const port = await freePort();
  const tool = (...args: string[]): ChildProcess =>
    spawn(process.execPath, [join(root, "oracles/main.ts"), "kubernetes", ...args, "--dir", folder], {
      stdio: "ignore",
    });
  const up = tool("up", "--api-only", "--durable", "--port", String(port));
  const exit = once(up, "exit");
  await answered(port, up);
  const now = Date.now();
  const [code] = await exit;
  if (code !== 0) throw new Error("the real API server did not start; npm run oracle -- kubernetes up says why");
  const state: RealState = JSON.parse(readFileSync(join(folder, "cluster.json"), "utf8"));
  const pids = state.processes.map(({ pid }) => pid);
  const first = Math.min(...state.processes.map(({ startTick }) => startTick));
  const startMs = now - (bootMs() + (first / ticksPerSecond) * 1_000);
  return server("real", { access: accessOf(state.kubeconfig), startMs, pids }, async () => {
    await once(tool("down"), "exit");
    rmSync(folder, { recursive: true, force: true });
  });
}

interface RealState {
  readonly kubeconfig: string;
  readonly processes: readonly { readonly pid: number; readonly startTick: number }[];
}

interface Running {
  readonly access: Access;
  readonly startMs: number;
  readonly pids: readonly number[];
}

function server(name: Server["name"], { access, startMs, pids }: Running, close: () => Promise<void>): Server {
  return {
    name,
    access,
    startMs,
    startCpuMs: sum(pids.map(cpuSecondsOf)) * 1_000,
    memoryMegabytes: () => sum(pids.map((pid) => kilobytesOf(pid) / 1_024)),
    cpuSeconds: () => sum(pids.map(cpuSecondsOf)),
    close,
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function kilobytesOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/u.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
}

function cpuSecondsOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

function bootMs(): number {
  return Number(/btime (\d+)/u.exec(readFileSync("/proc/stat", "utf8"))?.[1] ?? 0) * 1_000;
}

/** Whatever it answers: that it does is the sign. */
async function answered(port: number, child: ChildProcess): Promise<void> {
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error("a server ended before it answered");
    const isThere = await new Promise<boolean>((resolve) => {
      const question = request({ host: "127.0.0.1", port, path: "/readyz", rejectUnauthorized: false, agent: false });
      question.on("response", (answer) => resolve(answer.resume().statusCode === 200));
      question.on("error", () => resolve(false));
      question.end();
    });
    if (isThere) return;
    await pause(3);
  }
}

async function freePort(): Promise<number> {
  const { createServer } = await import("node:net");
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

function accessOf(path: string): Access {
  const config = JSON.parse(readFileSync(path, "utf8"));
  const { server: url, "certificate-authority-data": authority } = config.clusters[0].cluster;
  const user = config.users[0].user;
  const text = (base64: string): string => Buffer.from(base64, "base64").toString("utf8");
  const { hostname, port } = new URL(url);
  return {
    host: hostname,
    port: Number(port),
    authority: text(authority),
    ...(user.token === undefined ? {} : { token: user.token }),
    ...(user["client-certificate-data"] === undefined
      ? {}
      : { certificate: text(user["client-certificate-data"]), key: text(user["client-key-data"]) }),
  };
}
