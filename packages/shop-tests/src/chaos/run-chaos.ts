import { setTimeout as delay } from "node:timers/promises";
import { brokenInvariants } from "./invariants.ts";
import { createRandom } from "./random.ts";
import { Customers } from "./customers.ts";
import { limits } from "./limits.ts";
import { Monkey } from "./monkey.ts";
import { openLedger } from "./ledger.ts";
import { startShop } from "../shop-process.ts";
import type { Damage } from "./monkey.ts";
import type { LedgerReader } from "./ledger.ts";
import type { PlacedOrder } from "./customers.ts";
import type { Random } from "./random.ts";

export interface ChaosOptions {
  /** A folder of its own. */
  readonly folder: string;
  readonly orders: number;
  readonly seed: number;
  /** The mean pause between two acts of destruction. */
  readonly pauseMs: number;
  readonly say: (line: string) => void;
}

export interface ChaosReport {
  readonly broken: readonly string[];
  readonly damage: Damage;
  readonly retries: number;
  readonly placed: number;
  readonly endings: Readonly<Record<string, number>>;
  readonly seconds: number;
}

const settings = {
  LOG_LEVEL: "warn",
  FAILURE_RATE: "0.2",
  DECLINE_RATE: "0.05",
  PENDING_RATE: "0.2",
  DUPLICATE_RATE: "0.3",
  RESERVATION_SECONDS: String(limits.reservationSeconds),
  ACCESS_TOKEN_SECONDS: "86400",
  RATE_PER_SECOND: "100000",
  RATE_BURST: "100000",
};

/** Places orders in a shop that is being destroyed, waits until it has come to rest, and counts. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { say } = options;
  const random = createRandom(options.seed);
  say(`starting a shop in ${options.folder}, seed ${options.seed}`);
  const shop = await startShop(options.folder, settings);
  const ledger = openLedger(shop.state().databaseUrls);
  try {
    const began = performance.now();
    await fillShelves(ledger, options.orders);
    const stockBefore = await ledger.stock();
    const customers = new Customers(shop.state().gateway);
    const monkey = new Monkey({
      shop,
      events: ledger.events,
      random,
      pauseMs: options.pauseMs,
      progress: () => customers.served,
    });
    const placed = await placeOrders(options, { customers, monkey, random });
    say(`${placed.length} orders were placed; waiting for everything to come to rest`);
    await untilSettled(ledger, say);
    const read = await ledger.read();
    const ids = new Set(placed.flatMap(({ id }) => id ?? []));
    return {
      broken: brokenInvariants({ ledger: read, stockBefore, placed: ids }),
      damage: monkey.damage,
      retries: customers.retries,
      placed: ids.size,
      endings: countBy(
        read.orders.map(({ state, reason }) => (reason === null ? state : `${state}: ${shortened(reason)}`)),
      ),
      seconds: Math.round((performance.now() - began) / 1_000),
    };
  } finally {
    await ledger.close();
    await shop.stop();
  }
}

async function fillShelves(ledger: LedgerReader, orders: number): Promise<void> {
  const { length: products } = await ledger.stock();
  await ledger.fill(Math.ceil((orders * limits.goodsPerOrder) / products));
}

/** "not enough of ..." is one reason, whatever there is not enough of. */
function shortened(reason: string): string {
  return reason.replace(/(?<=not enough).*/, "");
}

function countBy(values: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries([...Map.groupBy(values, (each) => each)].map(([value, all]) => [value, all.length]));
}

interface World {
  readonly customers: Customers;
  readonly monkey: Monkey;
  readonly random: Random;
}

async function placeOrders(options: ChaosOptions, { customers, monkey, random }: World): Promise<PlacedOrder[]> {
  const tokens = await Promise.all(Array.from({ length: limits.customers }, () => customers.register()));
  const products = await customers.products();
  const placed: PlacedOrder[] = [];
  let begun = 0;
  const placeSome = async (): Promise<void> => {
    while (begun < options.orders) {
      begun += 1;
      const order = await customers.order(random.pick(tokens), products, random);
      placed.push(order);
      if (placed.length % 250 === 0)
        options.say(`${placed.length} orders, ${customers.retries} retries, ${JSON.stringify(monkey.damage)}`);
      // Some change their mind, at once or a little later.
      if (order.id !== undefined && random.chance(0.05)) await customers.cancel(order.token, order.id);
      if (order.id !== undefined && !random.chance(0.2)) await customers.watch(order.token, order.id);
    }
  };
  monkey.start();
  try {
    await Promise.all(Array.from({ length: limits.placingAtOnce }, placeSome));
  } finally {
    await monkey.stop();
  }
  return placed;
}

async function untilSettled(ledger: LedgerReader, say: (line: string) => void): Promise<void> {
  const end = performance.now() + limits.settleTimeoutMs;
  for (let calm = 0; calm < 3;) {
    const unsettled = await ledger.unsettled().catch(() => Number.NaN);
    calm = unsettled === 0 ? calm + 1 : 0;
    if (performance.now() > end) {
      say(`${unsettled} things are still under way`);
      return;
    }
    await delay(limits.pollMs);
  }
}
