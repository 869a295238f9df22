import { createHttpClient, problem, t } from "@fairway/kit";
import { limits } from "./limits.ts";
import type { HttpClient, Telemetry } from "@fairway/kit";
import type { OrderItem } from "./orders.ts";

export interface Wanted {
  readonly productId: string;
  readonly quantity: number;
}

export interface Priced {
  readonly items: readonly OrderItem[];
  readonly totalCents: number;
  readonly currency: string;
}

export interface Catalogue {
  /** Names and prices of now, which the order keeps. */
  price(wanted: readonly Wanted[]): Promise<Priced>;
  close(): void;
}

const product = t.Object({ id: t.String(), name: t.String(), priceCents: t.Integer(), currency: t.String() });
const page = t.Object({ items: t.Array(product) });

export function createCatalogue(url: string, telemetry: Telemetry): Catalogue {
  const client = createHttpClient({
    name: "products-service",
    baseUrl: url,
    timeoutMs: limits.catalogueTimeoutMs,
    telemetry,
  });
  return { price: (wanted) => price(client, wanted), close: () => client.close() };
}

async function price(client: HttpClient, wanted: readonly Wanted[]): Promise<Priced> {
  const ids = [...new Set(wanted.map(({ productId }) => productId))];
  const query = new URLSearchParams(ids.map((id) => ["ids", id]));
  query.set("limit", String(limits.itemsMax));
  const { body } = await client.get(`/products?${query.toString()}`, { schema: page });
  const known = new Map(body.items.map((each) => [each.id, each]));
  const unknown = ids.filter((id) => !known.has(id));
  if (unknown.length > 0) {
    throw problem(422, { type: "/problems/unknown-product", detail: `there is no product ${unknown.join(", ")}` });
  }
  const items = wanted.flatMap(({ productId, quantity }) => {
    const found = known.get(productId);
    return found ? [{ productId, name: found.name, quantity, unitPriceCents: found.priceCents }] : [];
  });
  const currencies = [...new Set(body.items.map((each) => each.currency))];
  const [currency] = currencies;
  if (currency === undefined || currencies.length > 1) {
    throw problem(422, `an order has one currency; these products have ${currencies.join(", ")}`);
  }
  const totalCents = items.reduce((sum, item) => sum + item.quantity * item.unitPriceCents, 0);
  if (totalCents > limits.totalCentsMax) throw problem(422, `an order costs at most ${limits.totalCentsMax} cents`);
  return { items, totalCents, currency };
}
