import { setTimeout as delay } from "node:timers/promises";
import { limits } from "./limits.ts";
import type { Database } from "@fairway/kit";
import type { Random } from "./random.ts";
import type { ShopProcess } from "../shop-process.ts";

export interface Damage {
  servicesKilled: number;
  databasesKilled: number;
  connectionsCut: number;
  messagesDuplicated: number;
  messagesReordered: number;
}

export interface MonkeyOptions {
  readonly shop: ShopProcess;
  readonly events: Database;
  readonly random: Random;
  /** The mean pause between two acts. */
  readonly pauseMs: number;
  /** Something that grows while the shop serves: a shop that never gets up again shows nothing. */
  readonly progress: () => number;
}

interface HeldBack {
  readonly consumer: string;
  readonly position: number;
  readonly source: string;
  readonly subject: string;
}

/** Kills processes, duplicates messages and holds some back, until it is told to stop. */
export class Monkey {
  readonly damage: Damage = {
    servicesKilled: 0,
    databasesKilled: 0,
    connectionsCut: 0,
    messagesDuplicated: 0,
    messagesReordered: 0,
  };
  readonly #options: MonkeyOptions;
  readonly #stop = new AbortController();
  readonly #held: HeldBack[] = [];
  #running: Promise<void> | undefined;

  constructor(options: MonkeyOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** What was held back is given back. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    while (this.#held.length > 0)
      if (!(await this.#survive(() => this.#giveBack()))) await delay(this.#options.pauseMs);
  }

  async #run(): Promise<void> {
    const { random, pauseMs } = this.#options;
    while (!this.#stop.signal.aborted) {
      await delay(pauseMs * (0.5 + random.next()), undefined, { signal: this.#stop.signal }).catch(() => undefined);
      await this.#untilServed();
      if (this.#stop.signal.aborted) return;
      await this.#survive(() => this.#giveBack());
      await this.#act(random.next());
    }
  }

  /** On a slow machine destruction is slower too. */
  async #untilServed(): Promise<void> {
    const { progress } = this.#options;
    const before = progress();
    const end = performance.now() + limits.mercyMs;
    while (progress() === before && performance.now() < end && !this.#stop.signal.aborted) await delay(limits.pollMs);
  }

  async #act(dice: number): Promise<void> {
    if (dice < 0.35) this.#killService();
    else if (dice < 0.42) this.#killDatabase();
    else if (dice < 0.5) await this.#survive(() => this.#cutConnections());
    else if (dice < 0.75) await this.#survive(() => this.#duplicate());
    else await this.#survive(() => this.#holdBack());
  }

  #killService(): void {
    const { pid } = this.#options.random.pick(this.#options.shop.state().services);
    if (kill(pid)) this.damage.servicesKilled += 1;
  }

  #killDatabase(): void {
    if (kill(this.#options.shop.state().database.pid)) this.damage.databasesKilled += 1;
  }

  async #cutConnections(): Promise<void> {
    const { count } = await this.#options.events.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = current_user AND pid <> pg_backend_pid() AND random() < 0.5",
    );
    this.damage.connectionsCut += count;
  }

  /** Messages that were handled, or wait to be, come again. */
  async #duplicate(): Promise<void> {
    const { count } = await this.#options.events.query(
      `INSERT INTO deliveries (consumer, position, source, subject)
       SELECT g.name, e.position, e.source, e.subject
       FROM (SELECT * FROM events ORDER BY position DESC LIMIT 300) e JOIN groups g ON e.type = ANY (g.types)
       WHERE random() < 0.1 ON CONFLICT DO NOTHING`,
    );
    this.damage.messagesDuplicated += count;
  }

  /** Messages that wait are taken away and come later, after the ones that were behind them. */
  async #holdBack(): Promise<void> {
    const { rows } = await this.#options.events.query<HeldBack>(
      `DELETE FROM deliveries WHERE (consumer, position) IN (
         SELECT consumer, position FROM deliveries WHERE random() < 0.5 LIMIT 20 FOR UPDATE SKIP LOCKED)
       RETURNING consumer, position, source, subject`,
    );
    this.#held.push(...rows);
    this.damage.messagesReordered += rows.length;
  }

  async #giveBack(): Promise<void> {
    if (this.#held.length === 0) return;
    await this.#options.events.query(
      `INSERT INTO deliveries (consumer, position, source, subject)
       SELECT * FROM jsonb_to_recordset($1::jsonb) AS held (consumer text, position bigint, source text, subject text)
       ON CONFLICT DO NOTHING`,
      [JSON.stringify(this.#held)],
    );
    this.#held.length = 0;
  }

  /** The database may be down at this moment, by its own hand. */
  async #survive(act: () => Promise<void>): Promise<boolean> {
    try {
      await act();
      return true;
    } catch {
      // Then this act does not happen.
      return false;
    }
  }
}

function kill(pid: number): boolean {
  try {
    process.kill(pid, "SIGKILL");
    return true;
  } catch {
    // It is being started again just now.
    return false;
  }
}
