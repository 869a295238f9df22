import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { keepYoungHeapSmall, startCluster } from "@fairway/cluster";
import { startIngress } from "@fairway/ingress";
import { forgetState, readState, writeOwnState } from "../background/background-process.ts";
import { hangUp } from "../hang-up.ts";
import { controlFolder, type ControlPlan, type ControlState } from "./control-plan.ts";
import { databaseFolder, databasePort, ensureDatabase, stopDatabase } from "./database.ts";
import { upLimits } from "./limits.ts";

export interface RunControlOptions {
  /** The platform's `.fairway`. */
  readonly state: string;
  readonly plan: ControlPlan;
  /** Aborted by a hang-up, pods and database go on: another control process takes them over. */
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

/** PostgreSQL, the cluster and the ingress, until the signal comes. */
export async function runControl(given: RunControlOptions): Promise<void> {
  const { state, plan, log } = given;
  const lost = new AbortController();
  const options = { ...given, signal: AbortSignal.any([given.signal, lost.signal]) };
  const { signal } = options;
  const folder = controlFolder(state);
  const began = performance.now();
  keepYoungHeapSmall();
  writeOwnState<ControlState>(folder, { ready: false, plan });
  const parts = new Parts(options);
  try {
    const told = await parts.start();
    writeOwnState<ControlState>(folder, {
      ready: true,
      plan,
      readyAfterMs: Math.round(performance.now() - began),
      ...told,
    });
    await parts.watch();
    if (!given.signal.aborted) {
      log(
        `${folder} was removed, moved or given to another process: nobody would find this one any more, so that it ends`,
      );
      lost.abort();
    }
  } catch (error) {
    writeOwnState<ControlState>(folder, { ready: false, plan, failure: sentenceOf(error, plan) });
    throw error;
  } finally {
    await parts.close();
  }
  // Who leaves pods behind leaves word of it too: the next one takes them up, or `fairway down` ends them.
  if (given.signal.aborted && signal.reason !== hangUp) forgetState(folder);
}

class Parts {
  readonly #options: RunControlOptions;
  readonly #closers: (() => Promise<unknown>)[] = [];

  constructor(options: RunControlOptions) {
    this.#options = options;
  }

  async start(): Promise<{ api: string; kubeconfig: string; ingress: string }> {
    const { state, plan, signal, log } = this.#options;
    const keeps = (): boolean => signal.reason === hangUp;
    const port = await databasePort(state);
    // The database takes as long as all the rest, so that the cluster does not wait for it.
    const database = plan.databases.length === 0 ? undefined : ensureDatabase(state, plan.databases, port);
    if (database) this.#closers.push(async () => (keeps() ? undefined : stopDatabase(state)));
    const starting = startCluster({
      folder: join(state, "cluster"),
      port: plan.apiPort,
      parts: "node",
      runtime: plan.runtime,
      imageLayouts: [join(state, "images")],
      hostServices: plan.databaseNamespaces.map((namespace) => ({
        namespace,
        name: "postgres",
        port: 5_432,
        target: { address: "127.0.0.1", port },
      })),
      log,
    }).then((started) => {
      this.#closers.push(() => started.close({ keep: keeps() }));
      return started;
    });
    // Where one of them fails, the other is waited for: it has to be closed.
    await Promise.allSettled([starting, database]);
    const [cluster] = await Promise.all([starting, database]);
    const ingress = await startIngress({
      client: cluster.client,
      host: "127.0.0.1",
      port: plan.ingressPort,
      signal,
      log: (line) => log(`ingress: ${line}`),
    });
    this.#closers.push(() => ingress.close());
    return { api: cluster.url, kubeconfig: cluster.kubeconfigPath ?? "", ingress: ingress.url };
  }

  /**
   * Returns when the signal comes, or when this process can't be found any more. PostgreSQL is a process of its own: whatever ended it, it
   * is started again.
   */
  async watch(): Promise<void> {
    const { state, plan, signal, log } = this.#options;
    while (!signal.aborted && readState(controlFolder(state))?.pid === process.pid) {
      if (plan.databases.length > 0) {
        const port = await databasePort(state);
        await ensureDatabase(state, plan.databases, port).catch((error: unknown) => {
          log(
            `PostgreSQL does not start, and is tried again: ${String(error)}; its log is in ${databaseFolder(state)}`,
          );
        });
      }
      await delay(upLimits.watchMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** What was started last ends first: no request comes any more before the pods end, and those end before their database. */
  async close(): Promise<void> {
    for (const close of this.#closers.toReversed()) {
      await close().catch((error: unknown) => this.#options.log(`at the end: ${String(error)}`));
    }
  }
}

function sentenceOf(error: unknown, plan: ControlPlan): string {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOSPC") return `the disk is full (${message}): free some space, then run fairway up again`;
  if (code !== "EADDRINUSE") return message;
  const port = message.includes(String(plan.ingressPort)) ? plan.ingressPort : plan.apiPort;
  const use = port === plan.ingressPort ? "the services' addresses" : "the Kubernetes API";
  return `port ${port}, for ${use}, is taken by another program: end that program, or move all ports with --port-offset 100`;
}
