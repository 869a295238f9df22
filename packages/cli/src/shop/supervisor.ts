import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { spawn } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { findPostgres, freePort, startPostgres } from "@fairway/postgres";
import { forgetState, writeOwnState } from "../background/background-process.ts";
import { environmentOf, readShopServices, shopDatabases } from "./shop-services.ts";
import { keepRunning } from "./service-process.ts";
import { isBuilt, mainOf } from "./service-main.ts";
import { openSecrets } from "./shop-state.ts";
import { shopLimits } from "./limits.ts";
import { startSpanCollector } from "./span-collector.ts";
import type { Postgres } from "@fairway/postgres";
import type { ServiceProcess } from "./service-process.ts";
import { shopControlFolder, type ShopHome } from "./shop-home.ts";
import type { ShopService, ShopWorld } from "./shop-services.ts";
import type { ShopState } from "./shop-state.ts";
import type { SpanCollector } from "./span-collector.ts";

export interface SupervisorOptions {
  readonly home: ShopHome;
  readonly port: number;
  /** Added to the environment of every service, or of one: `FAILURE_RATE=0.2`. */
  readonly settings: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Runs the shop until the signal comes: the database, the services and the collector, and again what ends by itself. */
export async function superviseShop(options: SupervisorOptions): Promise<void> {
  const { home, signal } = options;
  const began = performance.now();
  const services = readShopServices(home.services);
  const names = services.map(({ name }) => name);
  const databases = shopDatabases(services);
  const databaseOptions = { folder: join(home.folder, "postgres"), databases };
  const compileCache = join(home.folder, "compile-cache");
  const [database, collector, ports] = await Promise.all([
    startPostgres(databaseOptions),
    startSpanCollector(),
    portsOf(names, options.port),
    existsSync(compileCache) || isBuilt(home, names) ? undefined : compileOnce(home, names, compileCache),
  ]);
  const shop = new Shop(options, { services, databases, database, collector, ports });
  try {
    shop.startServices();
    const ready = shop
      .untilReady()
      .then(() => shop.tell({ ready: true, readyAfterMs: Math.round(performance.now() - began) }));
    // Whoever waits for the start reads of the failure in the state.
    ready.catch((error: unknown) => shop.tell({ failure: error instanceof Error ? error.message : String(error) }));
    while (!signal.aborted) {
      await delay(shopLimits.databaseWatchMs, undefined, { signal }).catch(() => undefined);
      if (!signal.aborted && !findPostgres(databaseOptions.folder))
        shop.databaseIs(await startPostgres(databaseOptions));
    }
  } finally {
    await shop.close();
    await collector.close();
    await (await startPostgres(databaseOptions)).stop();
    forgetState(shopControlFolder(home));
  }
}

interface ShopParts {
  readonly services: readonly ShopService[];
  readonly databases: readonly string[];
  readonly database: Postgres;
  readonly collector: SpanCollector;
  readonly ports: ReadonlyMap<string, number>;
}

class Shop {
  readonly #options: SupervisorOptions;
  readonly #parts: ShopParts;
  readonly #processes: ServiceProcess[] = [];
  #database: Postgres;
  #told: Partial<Pick<ShopState, "ready" | "failure" | "readyAfterMs">> = {};
  #closing = false;

  constructor(options: SupervisorOptions, parts: ShopParts) {
    this.#options = options;
    this.#parts = parts;
    this.#database = parts.database;
  }

  startServices(): void {
    const { home } = this.#options;
    const world: ShopWorld = {
      url: (name) => this.#url(name),
      database: (name) => this.#parts.database.url(name),
      secret: openSecrets(shopControlFolder(home)),
    };
    for (const service of this.#parts.services) {
      this.#processes.push(
        keepRunning({
          name: service.name,
          url: this.#url(service.name),
          main: mainOf(home, service.name),
          logs: join(home.folder, "logs"),
          environment: this.#environment(service, world),
          onStart: () => this.tell({}),
        }),
      );
    }
    this.tell({});
  }

  async untilReady(): Promise<void> {
    const end = performance.now() + shopLimits.startTimeoutMs;
    for (const { name, url } of this.#processes) {
      while (!(await isReady(url))) {
        if (this.#closing) throw new Error("the shop was stopped while it was starting");
        if (performance.now() > end) {
          const log = join(this.#options.home.folder, "logs", `${name}.log`);
          throw new Error(`${name} is not ready after ${shopLimits.startTimeoutMs / 1_000} s; its log is ${log}`);
        }
        await delay(shopLimits.pollMs);
      }
    }
  }

  databaseIs(database: Postgres): void {
    this.#database = database;
    this.tell({});
  }

  /** Writes down what has changed, for everybody who wants to know. */
  tell(change: Partial<Pick<ShopState, "ready" | "failure" | "readyAfterMs">>): void {
    if (this.#closing) return;
    this.#told = { ...this.#told, ...change };
    const { port, pid } = this.#database;
    writeOwnState<ShopState>(shopControlFolder(this.#options.home), {
      ready: false,
      ...this.#told,
      gateway: this.#url("gateway-service"),
      collector: this.#parts.collector.url,
      database: { pid, port },
      databaseUrls: Object.fromEntries(this.#parts.databases.map((name) => [name, this.#database.url(name)])),
      services: this.#processes.map(({ name, url, pid: own, restarts }) => ({ name, url, pid: own, restarts })),
    });
  }

  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all(this.#processes.map((each) => each.stop()));
  }

  #url(name: string): string {
    return `http://127.0.0.1:${this.#parts.ports.get(name) ?? 0}`;
  }

  #environment(service: ShopService, world: ShopWorld): Record<string, string> {
    const { collector, ports } = this.#parts;
    return {
      HOST: "127.0.0.1",
      PORT: String(ports.get(service.name) ?? 0),
      // Compiled once, read by the next start.
      NODE_COMPILE_CACHE: join(this.#options.home.folder, "compile-cache"),
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      ...environmentOf(service, world),
      ...this.#options.settings,
    };
  }
}

/**
 * Compiles the services once while the database is made, in place of eight times at their start. Without it they start
 * all the same, so how it ends does not matter.
 */
async function compileOnce(home: ShopHome, services: readonly string[], folder: string): Promise<void> {
  const modules = services.map((name) => pathToFileURL(join(home.services, name, "src", "service.ts")).href);
  const source = `await Promise.allSettled(${JSON.stringify(modules)}.map((each) => import(each)));`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", source], {
    env: { NODE_COMPILE_CACHE: folder },
    stdio: "ignore",
  });
  await new Promise<void>((resolve) => child.once("exit", () => resolve()).once("error", () => resolve()));
}

async function portsOf(services: readonly string[], gatewayPort: number): Promise<ReadonlyMap<string, number>> {
  const ports = new Map<string, number>();
  for (const name of services)
    ports.set(name, name === "gateway-service" && gatewayPort > 0 ? gatewayPort : await freePort());
  return ports;
}

export async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    // It does not listen yet, or not any more.
    return false;
  }
}
