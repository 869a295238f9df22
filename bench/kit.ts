// What the kit costs: CPU time for each request beside a bare handler of node:http that gives the same answers, and the
// time from the start of a process until it listens. node bench/kit.ts [requests]
import { Agent, request } from "node:http";
import { existsSync } from "node:fs";
import { fork, spawn } from "node:child_process";
import { join } from "node:path";
import { once } from "node:events";
import type { ChildProcess } from "node:child_process";

const requestsPerRound = Number(process.argv[2] ?? 2_000);
const rounds = 24;
const warmups = 8;
const starts = 7;
const connections = 16;
const root = join(import.meta.dirname, "..");

interface Server {
  readonly child: ChildProcess;
  readonly port: number;
}

interface Load {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly body?: string;
}

const order = { note: "as a gift", items: [1, 2, 3].map((each) => ({ productId: `product-${each}`, quantity: each })) };
const loads: readonly Load[] = [
  { name: "GET, a page of 20 items", method: "GET", path: "/shelves/7?limit=20" },
  { name: "POST, an order of 3 lines", method: "POST", path: "/orders", body: JSON.stringify(order) },
];

async function start(kind: string): Promise<Server> {
  const child = fork(join(import.meta.dirname, "kit-servers.ts"), [kind], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const [{ port }] = await once(child, "message");
  return { child, port };
}

async function cpuMicroseconds({ child }: Server): Promise<number> {
  child.send("cpu");
  const [{ cpu }] = await once(child, "message");
  return cpu.user + cpu.system;
}

async function sendAll(port: number, load: Load): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  let left = requestsPerRound;
  const worker = async (): Promise<void> => {
    while (left-- > 0) await sendOne(agent, port, load);
  };
  await Promise.all(Array.from({ length: connections }, worker));
  agent.destroy();
}

function sendOne(agent: Agent, port: number, { method, path, body }: Load): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const headers = body === undefined ? {} : { "content-type": "application/json", "content-length": body.length };
  const sent = request({ agent, port, host: "127.0.0.1", method, path, headers }, (response) => {
    if ((response.statusCode ?? 500) >= 300) reject(new Error(`${method} ${path} answered ${response.statusCode}`));
    response.resume().on("end", resolve);
  });
  sent.on("error", reject).end(body);
  return promise;
}

async function round(server: Server, load: Load): Promise<number> {
  const before = await cpuMicroseconds(server);
  await sendAll(server.port, load);
  return ((await cpuMicroseconds(server)) - before) / requestsPerRound;
}

/** Whatever else the machine does costs both caches and time: the quieter rounds say what the code costs. */
function lowerQuartile(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 4)] ?? Number.NaN;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function compare(load: Load): Promise<void> {
  const [bare, kit] = [await start("bare"), await start("kit")];
  const spent = { bare: [] as number[], kit: [] as number[] };
  for (let each = 0; each < rounds + warmups; each++) {
    const [bareSpent, kitSpent] = [await round(bare, load), await round(kit, load)];
    if (each < warmups) continue;
    spent.bare.push(bareSpent);
    spent.kit.push(kitSpent);
  }
  bare.child.kill();
  kit.child.kill();
  const [ofBare, ofKit] = [lowerQuartile(spent.bare), lowerQuartile(spent.kit)];
  const more = (ofKit / ofBare - 1) * 100;
  console.log(
    `${load.name}: bare ${ofBare.toFixed(1)} µs, kit ${ofKit.toFixed(1)} µs of CPU for a request: ${more.toFixed(0)} % more`,
  );
}

async function startup(file: string): Promise<void> {
  const taken: number[] = [];
  for (let each = 0; each < starts; each++) {
    const began = performance.now();
    const nowhere = { DATABASE_URL: "postgres://127.0.0.1:9/none", AUTH_URL: "http://127.0.0.1:9/" };
    const child = spawn(process.execPath, [file], {
      env: { PORT: "0", ...nowhere },
      stdio: ["ignore", "pipe", "inherit"],
    });
    for await (const chunk of child.stdout) if (String(chunk).includes('"listening"')) break;
    taken.push(performance.now() - began);
    child.kill("SIGKILL");
    await once(child, "close");
  }
  console.log(`${file.slice(root.length + 1)}: listens after ${median(taken).toFixed(0)} ms`);
}

for (const load of loads) await compare(load);
for (const file of ["dist/main.js", "src/main.ts"]) {
  const path = join(root, "microservices/users-service", file);
  if (existsSync(path)) await startup(path);
  else console.log(`${path} is not there: npm run build`);
}
