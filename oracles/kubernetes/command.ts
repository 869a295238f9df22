import { parseArgs } from "node:util";
import { resolve } from "node:path";
import { OracleError } from "../machine/oracle-error.ts";
import { reportToTerminal, spokenSeconds } from "../machine/report.ts";
import { checkLeaks } from "./leak-check.ts";
import { nodesMax } from "./node-plan.ts";
import { clusterFolder, startKubernetes, tearDown } from "./index.ts";
import { printStatus, statusOf } from "./status.ts";

export const kubernetesHelp = `A real Kubernetes 1.35 on this machine, built from its Go modules.

  npm run oracle -- kubernetes up [--nodes N | --api-only [--controllers] [--port N]] [--dir D] [--durable]
  npm run oracle -- kubernetes down [--dir D]
  npm run oracle -- kubernetes status [--dir D] [--json]
  npm run oracle -- kubernetes check [--api-only] [--times N]

up      builds what is missing, starts the cluster, waits until it is ready, prints the kubeconfig's path
down    ends exactly what up started, also when up was killed
status  says what is up
check   ten ups and downs, and starters killed on the way: exit code 1 when anything is left behind

  --nodes N       how many nodes (default: 1)
  --api-only      etcd and the API server alone: no root needed, any number side by side (each with its --dir)
  --controllers   with --api-only: the controller manager and the scheduler too
  --port N        with --api-only: the API server's port on 127.0.0.1 (default: a free one)
  --dir D         where the cluster keeps its files (default: in the cache)
  --durable       etcd waits for the disk, as in production (for benchmarks)
`;

const flags = {
  "api-only": { type: "boolean", default: false },
  controllers: { type: "boolean", default: false },
  nodes: { type: "string" },
  port: { type: "string" },
  dir: { type: "string" },
  durable: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  times: { type: "string", default: "10" },
} as const;

export async function kubernetesCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], options: flags, allowPositionals: true });
  const folder = resolve(values.dir ?? clusterFolder());
  const [verb, ...rest] = positionals;
  if (rest.length > 0) throw new OracleError("usage", `unexpected argument ${rest[0] ?? ""}: see --help`);
  switch (verb) {
    case "up":
      return up(folder, {
        apiOnly: values["api-only"],
        controllers: values.controllers,
        nodes: values.nodes === undefined ? undefined : parseNodes(values.nodes),
        durable: values.durable,
        port: values.port === undefined ? undefined : parsePort(values.port),
      });
    case "down":
      return down(folder);
    case "status":
      return printStatus(await statusOf(folder), values.json);
    case "check":
      return check(values["api-only"], values.times);
    default:
      throw new OracleError(
        "usage",
        `kubernetes takes up, down, status or check, not ${verb ?? "nothing"}: see --help`,
      );
  }
}

async function check(apiOnly: boolean, times: string): Promise<number> {
  if (!/^[1-9]\d{0,2}$/u.test(times))
    throw new OracleError("usage", `--times takes a number from 1 to 999, not ${times}`);
  const result = await checkLeaks({ apiOnly, times: Number(times), report: reportToTerminal });
  for (const line of result.left) process.stdout.write(`left behind: ${line}\n`);
  const slowest = (seconds: readonly number[]): string => Math.max(...seconds).toFixed(1);
  const figures = `slowest up ${slowest(result.upSeconds)} s, slowest down ${slowest(result.downSeconds)} s`;
  process.stdout.write(`${times} times up and down: ${figures}, ${result.left.length} left behind\n`);
  return result.left.length > 0 ? 1 : 0;
}

export function parseNodes(text: string): number {
  const nodes = Number(text);
  if (/^\d$/u.test(text) && nodes >= 1 && nodes <= nodesMax) return nodes;
  throw new OracleError("usage", `--nodes takes a number from 1 to ${nodesMax}, not ${text}`);
}

export function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/u.test(text) && port >= 1 && port <= 65_535) return port;
  throw new OracleError("usage", `--port takes a number from 1 to 65535, not ${text}`);
}

interface UpOptions {
  readonly apiOnly: boolean;
  readonly controllers: boolean;
  readonly durable: boolean;
  readonly port: number | undefined;
  readonly nodes: number | undefined;
}

async function up(folder: string, options: UpOptions): Promise<number> {
  if (!options.apiOnly && (options.port !== undefined || options.controllers)) {
    throw new OracleError("usage", "--port and --controllers go with --api-only");
  }
  if (options.apiOnly && options.nodes !== undefined) throw new OracleError("usage", "--api-only has no nodes");
  const started = performance.now();
  const { nodes = 1, ...others } = options;
  const cluster = await startKubernetes({ ...others, nodes, folder, report: reportToTerminal });
  reportToTerminal(`ready after ${spokenSeconds((performance.now() - started) / 1000)} at ${cluster.server}`);
  process.stdout.write(`${cluster.kubeconfig}\n`);
  return 0;
}

async function down(folder: string): Promise<number> {
  const existed = await tearDown(folder);
  reportToTerminal(existed ? `down: nothing is left of the cluster in ${folder}` : `nothing is up in ${folder}`);
  return 0;
}
