// From a saved line of TypeScript to the first answer of the new code through the ingress, under `fairway dev`: the shop as
// `fairway up` runs it, in a copy of its own. node bench/dev.ts [service] [saves]
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { spawn } from "node:child_process";
import { basename, join } from "node:path";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { createInterface } from "node:readline";
import { tmpdir } from "node:os";

const service = process.argv[2] ?? "products-service";
const saves = Number(process.argv[3] ?? 10);
const boundMs = 1_500;
const lateMs = 30_000;
const portOffset = 700;
const root = join(import.meta.dirname, "..");
const cli = join(root, "packages/cli/src/main.ts");
/** What a service is asked for, through the gateway, so that its version is in the answer. */
const paths: Readonly<Record<string, string>> = {
  "gateway-service": "/",
  "products-service": "/products?limit=1",
  "orders-service": "/orders",
  "billing-service": "/billing/invoices",
  "users-service": "/users/me",
};

function copyShop(): string {
  const folder = mkdtempSync(join(tmpdir(), "fairway-dev-bench-"));
  const source = join(root, "microservices");
  cpSync(source, join(folder, "microservices"), { recursive: true, filter: (path) => basename(path) !== "dist" });
  // The folder with .git is the repository; what is in it does not matter here.
  mkdirSync(join(folder, ".git"));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  return folder;
}

async function fairway(cwd: string, ...args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [cli, ...args], { cwd, stdio: ["ignore", "ignore", "inherit"] });
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`fairway ${args.join(" ")} ended with ${String(code)}`);
}

/** Which version answers now. */
function answering(path: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const headers = { host: "shop.dev.localhost" };
  request({ host: "127.0.0.1", port: 8_080 + portOffset, path, headers, agent: false }, (response) => {
    response.resume().on("end", () => resolve(String(response.headers["x-service-version"])));
  })
    .on("error", (error) => resolve(error.message))
    .end();
  return promise;
}

/** How long it takes until another version answers than the one before, and which. */
async function untilAnother(path: string, before: string): Promise<{ readonly ms: number; readonly answer: string }> {
  const began = performance.now();
  for (;;) {
    const answer = await answering(path);
    if (answer !== before && answer.startsWith(`${service}/`)) return { ms: performance.now() - began, answer };
    if (performance.now() - began > lateMs) throw new Error(`${before} still answers after ${lateMs} ms`);
    await delay(5);
  }
}

interface Dev {
  /** Waits for a line that `fairway dev --json` writes, of the version that answers so. */
  heard(
    event: string,
    answer?: string,
  ): Promise<{ readonly buildMs: number; readonly rolloutMs: number; readonly version: string }>;
  end(): Promise<void>;
}

function startDev(cwd: string): Dev {
  const child = spawn(process.execPath, [cli, "dev", service, "--json"], { cwd, stdio: ["ignore", "pipe", "inherit"] });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    async heard(event, answer) {
      for (;;) {
        const { value, done } = await lines.next();
        if (done === true) throw new Error(`fairway dev ended before it said ${event}`);
        const said = JSON.parse(value);
        if (said.event === event && (answer === undefined || answer === `${service}/${said.version}`)) return said;
        if (said.event === "failing" || said.event === "not-compiled") throw new Error(value);
      }
    },
    async end() {
      child.kill("SIGINT");
      if (child.exitCode === null) await once(child, "exit");
    },
  };
}

async function measure(folder: string): Promise<readonly number[]> {
  const path = paths[service] ?? "/";
  const file = join(folder, "microservices", service, "src/service.ts");
  const text = readFileSync(file, "utf8");
  const dev = startDev(folder);
  const taken: number[] = [];
  try {
    await dev.heard("unchanged");
    // The pods of fairway up drain for five seconds after they were replaced by pods that do not.
    await delay(7_000);
    for (let save = 1; save <= saves; save++) {
      const before = await answering(path);
      writeFileSync(file, `${text}\nprocess.env["SAVE"] = "${save}";\n`);
      const { ms, answer } = await untilAnother(path, before);
      const { buildMs, rolloutMs } = await dev.heard("serving", answer);
      taken.push(ms);
      console.log(`  save ${save}: ${ms.toFixed(0)} ms (build ${buildMs} ms, rollout ${rolloutMs} ms)`);
      // The pod of before has time to end: somebody who saves looks at what it did.
      await delay(2_000);
    }
  } finally {
    await dev.end();
  }
  return taken;
}

const folder = copyShop();
try {
  await fairway(folder, "up", "--detach", "--runtime", "process", "--port-offset", String(portOffset));
  console.log(`${service}: from the write of a file to the first answer of the new code through the ingress`);
  const sorted = (await measure(folder)).toSorted((a, b) => a - b);
  const [median, worst] = [sorted[Math.floor(sorted.length / 2)] ?? Number.NaN, sorted.at(-1) ?? Number.NaN];
  const verdict = worst < boundMs ? "within" : "NOT within";
  console.log(
    `median ${median.toFixed(0)} ms, worst ${worst.toFixed(0)} ms of ${saves} saves: ${verdict} ${boundMs} ms`,
  );
} finally {
  await fairway(folder, "down").catch((error: unknown) => console.error(error));
  rmSync(folder, { recursive: true, force: true });
}
