// Requests a second and processor time for each through the ingress, beside Debian's nginx as reverse proxy to the same pods, in
// turns in one run. node bench/ingress.ts [requests a round]
import { execFileSync, fork, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const requestsPerRound = Number(process.argv[2] ?? 2_000);
const [rounds, warmups, connections, pods] = [8, 2, 32, 2];

interface Proxy {
  readonly name: string;
  readonly port: number;
  readonly pids: readonly number[];
}

interface Load {
  readonly name: string;
  readonly method: string;
  readonly body?: Buffer;
}

const loads: readonly Load[] = [
  { name: "GET, an answer of 1 KiB", method: "GET" },
  { name: "POST of 16 KiB, an answer of 1 KiB", method: "POST", body: Buffer.alloc(16 * 1024, "b") },
];

async function start(...parameters: string[]): Promise<{ child: ChildProcess; port: number }> {
  const child = fork(join(import.meta.dirname, "ingress-servers.ts"), parameters);
  const [{ port }] = await once(child, "message");
  return { child, port };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function startNginx(folder: string, ports: readonly number[]): Promise<{ child: ChildProcess; proxy: Proxy }> {
  const port = await freePort();
  const servers = ports.map((each) => `server 127.0.0.1:${each};`).join(" ");
  const headers = ["Host $host", 'Connection ""', "X-Forwarded-For $remote_addr", "X-Request-Id $request_id"];
  const places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (each) => `${each}_temp_path ${folder}/${each};`,
  );
  writeFileSync(
    join(folder, "nginx.conf"),
    `daemon off; pid ${folder}/pid; error_log stderr; worker_processes 1; events { worker_connections 1024; }
     http { access_log off; ${places.join(" ")} keepalive_requests 10000000;
       upstream pods { least_conn; ${servers} keepalive 64; keepalive_requests 10000000; }
       server { listen 127.0.0.1:${port}; server_name bench.test;
         location / { proxy_pass http://pods; proxy_http_version 1.1; proxy_request_buffering off;
           ${headers.map((each) => `proxy_set_header ${each};`).join(" ")} } } }`,
  );
  const child = spawn("nginx", ["-p", folder, "-c", join(folder, "nginx.conf")], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  while (
    !(await sendOne(new Agent(), port, { name: "", method: "GET" }).then(
      () => true,
      () => false,
    ))
  ) {
    if (child.exitCode !== null) throw new Error("nginx did not start");
  }
  const own = child.pid ?? 0;
  return { child, proxy: { name: "nginx", port, pids: [own, ...childrenOf(own)] } };
}

function childrenOf(parent: number): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => statOf(pid)[1] === String(parent));
}

/** The fields after the name, which may hold anything. */
function statOf(pid: number): readonly string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return [];
  }
}

/** Ticks of 10 ms, so rounds have to be long. */
function cpuMicroseconds(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + (Number(statOf(pid)[11]) + Number(statOf(pid)[12])) * 10_000, 0);
}

function sendOne(agent: Agent, port: number, { method, body }: Load): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { host: "bench.test", ...(body === undefined ? {} : { "content-length": body.length }) };
    const outgoing = request({ agent, port, host: "127.0.0.1", method, path: "/items?page=2", headers }, (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`answered ${answer.statusCode}`));
      answer.resume().once("end", resolve);
    });
    outgoing.on("error", reject).end(body);
  });
}

async function round(proxy: Proxy, load: Load): Promise<{ rate: number; cpu: number }> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const [began, before] = [performance.now(), cpuMicroseconds(proxy.pids)];
  let left = requestsPerRound;
  const worker = async (): Promise<void> => {
    while (left-- > 0) await sendOne(agent, proxy.port, load);
  };
  await Promise.all(Array.from({ length: connections }, worker));
  const seconds = (performance.now() - began) / 1000;
  agent.destroy();
  return { rate: requestsPerRound / seconds, cpu: (cpuMicroseconds(proxy.pids) - before) / requestsPerRound };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function hasNginx(): boolean {
  try {
    execFileSync("nginx", ["-v"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

if (process.platform !== "linux" || !hasNginx()) {
  console.log("skipped: needs Linux and nginx (apt-get install nginx-light)");
  process.exit();
}
const folder = mkdtempSync(join(tmpdir(), "fairway-bench-"));
const children: ChildProcess[] = [];
try {
  const servers = await Promise.all(Array.from({ length: pods }, () => start("pod")));
  const ports = servers.map((each) => each.port);
  const own = await start("ingress", ...ports.map(String));
  children.push(...servers.map((each) => each.child), own.child);
  const nginx = await startNginx(folder, ports);
  children.push(nginx.child);
  const proxies: readonly Proxy[] = [{ name: "ingress", port: own.port, pids: [own.child.pid ?? 0] }, nginx.proxy];
  const direct: Proxy = { name: "(a pod itself)", port: ports[0] ?? 0, pids: [children[0]?.pid ?? 0] };
  for (const load of loads) {
    const results = new Map<Proxy, { rate: number; cpu: number }[]>();
    for (let count = 0; count < warmups + rounds; count += 1) {
      for (const proxy of [...proxies, direct]) {
        const result = await round(proxy, load);
        if (count >= warmups) results.set(proxy, [...(results.get(proxy) ?? []), result]);
      }
    }
    console.log(load.name);
    for (const [{ name }, all] of results) {
      const [rate, cpu] = [median(all.map((each) => each.rate)), median(all.map((each) => each.cpu))];
      console.log(
        `  ${name.padEnd(16)} ${rate.toFixed(0).padStart(7)} requests/s ${cpu.toFixed(0).padStart(6)} us of CPU a request`,
      );
    }
  }
} finally {
  for (const child of children) child.kill();
  rmSync(folder, { recursive: true, force: true });
}
