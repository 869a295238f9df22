// One load on our API server and on the real one with etcd, in one run: node bench/cluster.ts --help
import { parseArgs } from "node:util";
import { setTimeout as pause } from "node:timers/promises";
import { Connection, spread, type Answer } from "./cluster-connection.ts";
import { startOurs, startReal, type Server } from "./cluster-servers.ts";

const { values: options } = parseArgs({
  options: {
    help: { type: "boolean", short: "h", default: false },
    json: { type: "boolean", default: false },
    pods: { type: "string", default: "5000" },
    objects: { type: "string", default: "20000" },
    connections: { type: "string", default: "32" },
    watchers: { type: "string", default: "100" },
    only: { type: "string", default: "ours,real" },
    profile: { type: "string" },
    built: { type: "boolean", default: false },
  },
});

const help = `Our API server and the real one with etcd under one load, round by round in turns.

  node bench/cluster.ts [OPTIONS]

  --pods N           how many pods are created, read, patched, listed and deleted (5000)
  --objects N        how many config maps follow, for the memory they take and the cost of a write beside them (20000)
  --connections N    how many clients ask at the same time (32)
  --watchers N       how many watch while one writes (100)
  --only NAMES       ours, real, or both (ours,real)
  --built            ours as npm run build left it, in place of the sources
  --profile DIR      a CPU profile of ours
  --json             the numbers as JSON
`;

const pods = Number(options.pods);
const objects = Number(options.objects);
const rounds = 5;
const changes = 100;
const namespace = "/api/v1/namespaces/bench";

interface Row {
  readonly name: string;
  readonly unit: "ms" | "ms of CPU" | "MB" | "1/s" | "1/s of CPU";
  readonly ours?: number;
  readonly real?: number;
  /** What the ratio of ours to the real one has to be, and ours alone. */
  readonly target?: { readonly atMost?: number; readonly atLeast?: number; readonly oursBelow?: number };
}

interface Bench {
  readonly server: Server;
}

const rows: Row[] = [];

function record(name: string, unit: Row["unit"], numbers: ReadonlyMap<string, number>, target?: Row["target"]): void {
  const [ours, real] = [numbers.get("ours"), numbers.get("real")];
  rows.push({
    name,
    unit,
    ...(ours === undefined ? {} : { ours }),
    ...(real === undefined ? {} : { real }),
    ...(target === undefined ? {} : { target }),
  });
  if (!options.json) print(rows.at(-1));
}

function print(row: Row | undefined): void {
  if (!row) return;
  const { name, unit, ours, real, target } = row;
  const ratio = ours === undefined || real === undefined ? undefined : ours / real;
  const number = (value: number | undefined): string =>
    (value === undefined ? "" : value < 10 ? value.toFixed(2) : value.toFixed(0)).padStart(8);
  const wish =
    target?.atMost !== undefined ? `<= ${target.atMost}` : target?.atLeast !== undefined ? `>= ${target.atLeast}` : "";
  const isMet =
    (ratio === undefined ||
      (ratio <= (target?.atMost ?? Number.POSITIVE_INFINITY) && ratio >= (target?.atLeast ?? 0))) &&
    (ours === undefined || ours <= (target?.oursBelow ?? Number.POSITIVE_INFINITY));
  const verdict = target === undefined ? "" : isMet ? "" : "missed";
  console.log(
    `${name.padEnd(44)}${unit.padEnd(11)}${number(ours)}${number(real)}${number(ratio)}  ${wish.padEnd(8)}${verdict}`,
  );
}

/** With clients that are new: those that wait while the other server has its turn may be hung up on. */
async function connected(
  { access }: Server,
  task: (connections: readonly Connection[]) => Promise<void>,
  count = Number(options.connections),
): Promise<void> {
  const connections = await Promise.all(Array.from({ length: count }, () => Connection.open(access)));
  try {
    await task(connections);
  } finally {
    for (const connection of connections) connection.close();
  }
}

/** Milliseconds by the clock, and seconds of CPU, by server. */
interface Times {
  readonly wall: ReadonlyMap<string, number>;
  /** What is just started has not been compiled for the work yet. */
  readonly wallOfFirst: ReadonlyMap<string, number>;
  readonly cpu: ReadonlyMap<string, number>;
}

/** The same round on each server in turn, so that a machine that is busy for a while is busy for both. */
async function timed(
  benches: readonly Bench[],
  count: number,
  task: (connection: Connection, index: number) => Promise<Answer>,
): Promise<Times> {
  const [wall, wallOfFirst, cpu] = [new Map<string, number>(), new Map<string, number>(), new Map<string, number>()];
  for (let round = 0; round < rounds; round++) {
    const range = { from: Math.floor((count * round) / rounds), to: Math.floor((count * (round + 1)) / rounds) };
    for (const { server } of benches)
      await connected(server, async (connections) => {
        const [begun, before] = [performance.now(), server.cpuSeconds()];
        await spread(connections, range, task);
        wall.set(server.name, (wall.get(server.name) ?? 0) + performance.now() - begun);
        cpu.set(server.name, (cpu.get(server.name) ?? 0) + server.cpuSeconds() - before);
        if (round === 0) wallOfFirst.set(server.name, wall.get(server.name) ?? 0);
      });
  }
  return { wall, wallOfFirst, cpu };
}

async function rate(
  benches: readonly Bench[],
  what: { readonly name: string; readonly count: number; readonly atLeast: number; readonly isFirst?: true },
  task: (connection: Connection, index: number) => Promise<Answer>,
): Promise<void> {
  const { wall, wallOfFirst, cpu } = await timed(benches, what.count, task);
  const perSecond = (times: ReadonlyMap<string, number>, scale: number): Map<string, number> =>
    new Map([...times].map(([name, time]) => [name, (what.count * scale) / time]));
  record(what.name, "1/s", perSecond(wall, 1_000), { atLeast: what.atLeast });
  record("", "1/s of CPU", perSecond(cpu, 1));
  if (!what.isFirst) return;
  const warm = [...wall].map(([name, time]) => {
    const seconds = (time - (wallOfFirst.get(name) ?? 0)) / 1_000;
    return [name, (what.count * (1 - 1 / rounds)) / seconds] as const;
  });
  record(`  after the first ${Math.floor(what.count / rounds)} of them`, "1/s", new Map(warm));
}

function memory(name: string, benches: readonly Bench[], target?: Row["target"]): void {
  record(name, "MB", new Map(benches.map(({ server }) => [server.name, server.memoryMegabytes()])), target);
}

const podName = (index: number): string => `pod-${String(index).padStart(6, "0")}`;

function pod(index: number): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: podName(index),
      labels: {
        app: `app-${index % 50}`,
        "app.kubernetes.io/name": "bench",
        tier: "backend",
        release: `r-${index % 7}`,
      },
      annotations: { "prometheus.io/scrape": "true", "prometheus.io/port": "9090" },
    },
    spec: {
      containers: [
        {
          name: "main",
          image: "registry.example.com/shop/orders:1.2.3",
          args: ["--listen=:8080", "--log=json"],
          ports: [
            { name: "http", containerPort: 8_080 },
            { name: "metrics", containerPort: 9_090 },
          ],
          env: Array.from({ length: 6 }, (_, each) => ({ name: `VARIABLE_${each}`, value: `value ${each}` })),
          resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "256Mi" } },
          livenessProbe: { httpGet: { path: "/live", port: "http" }, periodSeconds: 10 },
          readinessProbe: { httpGet: { path: "/ready", port: "http" }, periodSeconds: 5 },
          volumeMounts: [{ name: "config", mountPath: "/etc/orders" }],
        },
      ],
      volumes: [{ name: "config", configMap: { name: "orders" } }],
    },
  });
}

const mergePatch = "application/merge-patch+json";
const applyPatch = "application/apply-patch+yaml";
const merge = (index: number): string =>
  JSON.stringify({ metadata: { labels: { patched: String(index) }, annotations: { note: `patch ${index}` } } });
const applied = (index: number): string =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: `applied-${index % 500}`, labels: { app: "bench" } },
    data: { index: String(index), text: "some text of a usual length", other: "x".repeat(200) },
  });

async function podLoads(benches: readonly Bench[]): Promise<void> {
  const path = `${namespace}/pods`;
  await rate(
    benches,
    { name: "durable creates of pods", count: pods, atLeast: 2.5, isFirst: true },
    (connection, index) => connection.send("POST", path, pod(index)),
  );
  await pause(2_000);
  memory(`memory after ${pods} pods`, benches, { atMost: 0.4 });
  await rate(benches, { name: "gets", count: pods * 2, atLeast: 1.5 }, (connection, index) =>
    connection.send("GET", `${path}/${podName((index * 7) % pods)}`),
  );
  await rate(benches, { name: "merge patches", count: pods, atLeast: 2.5 }, (connection, index) =>
    connection.send("PATCH", `${path}/${podName(index)}`, merge(index), mergePatch),
  );
  await rate(benches, { name: "server-side applies", count: pods, atLeast: 1.5 }, (connection, index) =>
    connection.send(
      "PATCH",
      `${namespace}/configmaps/applied-${index % 500}?fieldManager=bench&force=true`,
      applied(index),
      applyPatch,
    ),
  );
}

/** The middle one of several times that one request takes. */
async function middleOf(
  benches: readonly Bench[],
  times: number,
  { method, path }: { readonly method: string; readonly path: string },
): Promise<Map<string, number>> {
  const measured = new Map<string, number[]>(benches.map(({ server }) => [server.name, []]));
  for (let time = 0; time < times; time++)
    for (const { server } of benches)
      await connected(
        server,
        async ([connection]) => {
          const begun = performance.now();
          const answer = await connection?.send(method, path);
          if (answer?.status !== 200)
            throw new Error(`${method} ${path}: ${answer?.status}: ${answer?.body.toString("utf8", 0, 300)}`);
          measured.get(server.name)?.push(performance.now() - begun);
        },
        1,
      );
  return new Map([...measured].map(([name, list]) => [name, percentile(list, 0.5)]));
}

function percentile(numbers: readonly number[], part: number): number {
  const sorted = numbers.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

async function wholeLoads(benches: readonly Bench[]): Promise<void> {
  const path = `${namespace}/pods`;
  record(`a list of ${pods}`, "ms", await middleOf(benches, 7, { method: "GET", path }), { atMost: 0.6 });
  const latencies = new Map<string, number[]>(benches.map(({ server }) => [server.name, []]));
  for (let round = 0; round < rounds; round++)
    for (const { server } of benches) latencies.get(server.name)?.push(...(await watchLatencies(server, round)));
  const seen = new Map([...latencies].map(([name, list]) => [name, percentile(list, 0.99)]));
  record(`a change seen by ${options.watchers} watchers, p99`, "ms", seen, { atMost: 1 });
  const deletions = await middleOf(benches, 1, { method: "DELETE", path });
  record(`deletion of ${pods} as a collection`, "ms", deletions, { atMost: 0.3 });
}

/** One writes the time into a config map; everybody who watches reads how long ago that was. */
async function watchLatencies({ access }: Server, round: number): Promise<readonly number[]> {
  const path = `${namespace}/configmaps`;
  const name = `clock-${round}`;
  const writer = await Connection.open(access);
  const map = (data: string): string =>
    JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data: { at: data } });
  await writer.send("POST", path, map("begin"));
  const latencies: number[] = [];
  const watchers = await Promise.all(
    Array.from({ length: Number(options.watchers) }, async () => {
      const watcher = await Connection.open(access);
      await watcher.watch(`${path}?watch=1&fieldSelector=metadata.name%3D${name}`, (chunk) => {
        const text = chunk.toString("latin1");
        for (const [, at] of text.matchAll(/"at":"(\d+\.\d+)"/gu)) latencies.push(performance.now() - Number(at));
      });
      return watcher;
    }),
  );
  for (let change = 0; change < changes; change++) {
    await writer.send("PUT", `${path}/${name}`, map(performance.now().toFixed(3)));
    await pause(10);
  }
  await pause(500);
  for (const connection of [writer, ...watchers]) connection.close();
  if (latencies.length < changes * watchers.length * 0.99)
    throw new Error(`${latencies.length} of ${changes * watchers.length} changes were seen`);
  return latencies;
}

/** Whether a write costs more when there is much else. */
async function manyObjects(benches: readonly Bench[]): Promise<void> {
  const part = Math.floor(objects / 10);
  const create = (connection: Connection, index: number): Promise<Answer> =>
    connection.send(
      "POST",
      `${namespace}/configmaps`,
      JSON.stringify({
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: `object-${index}`, labels: { app: `app-${index % 50}` } },
        data: { text: "x".repeat(500) },
      }),
    );
  const growth = new Map<string, number>();
  for (const { server } of benches)
    await connected(server, async (connections) => {
      const first = await cpuOf(server, () => spread(connections, { from: 0, to: part }, create));
      await spread(connections, { from: part, to: objects - part }, create);
      const last = await cpuOf(server, () => spread(connections, { from: objects - part, to: objects }, create));
      growth.set(server.name, last / first);
    });
  memory(`memory with ${objects} objects`, benches, { oursBelow: 500 });
  if (!options.json)
    for (const [name, ratio] of growth)
      console.log(`${name}: the last tenth of them cost ${ratio.toFixed(2)} times the CPU of the first`);
}

async function cpuOf(server: Server, task: () => Promise<void>): Promise<number> {
  const before = server.cpuSeconds();
  await task();
  return server.cpuSeconds() - before;
}

async function prepare(server: Server): Promise<Bench> {
  await connected(
    server,
    async ([connection]) => {
      await connection?.send("POST", "/api/v1/namespaces", '{"metadata":{"name":"bench"}}');
      // No controller makes it here, and no pod is accepted without.
      await connection?.send("POST", `${namespace}/serviceaccounts`, '{"metadata":{"name":"default"}}');
    },
    1,
  );
  return { server };
}

async function main(): Promise<void> {
  const names = options.only.split(",");
  const servers: Server[] = [];
  const leave = (): void => {
    void Promise.all(servers.map((each) => each.close())).finally(() => process.exit(1));
  };
  // Whoever stops it, or reads only the beginning of what it prints, leaves no servers behind.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, leave);
  process.stdout.once("error", leave);
  try {
    if (names.includes("ours"))
      servers.push(await startOurs({ profileFolder: options.profile, isBuilt: options.built }));
    if (names.includes("real")) servers.push(await startReal());
    if (!options.json)
      console.log(`${"".padEnd(55)}${"ours".padStart(8)}${"real".padStart(8)}${"ratio".padStart(8)}  wanted`);
    record("start to the first answer", "ms", new Map(servers.map((each) => [each.name, each.startMs])), {
      atMost: 0.2,
      oursBelow: 500,
    });
    record("", "ms of CPU", new Map(servers.map((each) => [each.name, each.startCpuMs])));
    await pause(5_000);
    record("memory idle", "MB", new Map(servers.map((each) => [each.name, each.memoryMegabytes()])), { atMost: 0.4 });
    const benches = await Promise.all(servers.map(prepare));
    await podLoads(benches);
    await wholeLoads(benches);
    await manyObjects(benches);
    if (options.json) console.log(JSON.stringify(rows, null, 2));
  } finally {
    await Promise.all(servers.map((each) => each.close()));
  }
}

if (options.help) console.log(help);
else await main();
