import { randomUUIDv7 } from "node:crypto";
import { DatabaseError, problem } from "@fairway/kit";
import { readCursor, writeCursor } from "./cursor.ts";
import type { Cache, Database } from "@fairway/kit";

export interface Product {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly category: string;
  readonly priceCents: number;
  readonly currency: string;
  readonly emblem: string;
  readonly revision: number;
}

export type NewProduct = Omit<Product, "id" | "revision">;

export type Sorting = "name" | "price" | "-price";

export interface Search {
  readonly search?: string;
  readonly category?: string;
  readonly ids?: readonly string[];
  readonly sort: Sorting;
  readonly limit: number;
  readonly cursor?: string;
}

export interface Page {
  readonly items: readonly Product[];
  readonly next?: string;
}

export interface Category {
  readonly slug: string;
  readonly name: string;
  readonly products: number;
}

export interface Catalogue {
  list(search: Search): Promise<Page>;
  find(id: string): Promise<Product | undefined>;
  categories(): Promise<readonly Category[]>;
  add(product: NewProduct): Promise<Product>;
  /** `stale` when somebody changed it since the revision that the editor saw. */
  change(id: string, revision: number, product: NewProduct): Promise<Product | "absent" | "stale">;
  /** Takes it off the shelves; what was bought keeps its id. */
  remove(id: string): Promise<boolean>;
}

const columns = `id, name, description, category, price_cents AS "priceCents", currency, emblem, revision`;
const valuesOf = (product: NewProduct): readonly unknown[] => [
  product.name,
  product.description,
  product.category,
  product.priceCents,
  product.currency,
  product.emblem,
];

export function createCatalogue(db: Database, cache: Cache): Catalogue {
  const forget = async (id: string): Promise<void> => {
    await Promise.all([cache.delete(`product ${id}`), cache.delete("categories")]);
  };
  return {
    list: (search) => list(db, search),
    find: async (id) => {
      const found = await cache.fetch<Product | null>(`product ${id}`, async () => {
        const { rows } = await db.query<Product>(`SELECT ${columns} FROM products WHERE id = $1 AND active`, [id]);
        return rows[0] ?? null;
      });
      return found ?? undefined;
    },
    categories: () =>
      cache.fetch("categories", async () => {
        const { rows } = await db.query<Category>(
          `SELECT slug, c.name, count(p.id) AS products
           FROM categories c LEFT JOIN products p ON p.category = slug AND p.active GROUP BY slug ORDER BY c.name`,
        );
        return rows;
      }),
    add: async (product) => {
      const { rows } = await known(
        db.query<Product>(
          `INSERT INTO products (id, name, description, category, price_cents, currency, emblem)
           VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING ${columns}`,
          [randomUUIDv7(), ...valuesOf(product)],
        ),
      );
      return one(rows);
    },
    change: async (id, revision, product) => {
      const { rows } = await known(
        db.query<Product>(
          `UPDATE products SET name = $3, description = $4, category = $5, price_cents = $6, currency = $7, emblem = $8,
             revision = revision + 1
           WHERE id = $1 AND revision = $2 AND active RETURNING ${columns}`,
          [id, revision, ...valuesOf(product)],
        ),
      );
      await forget(id);
      if (rows[0]) return rows[0];
      const { count } = await db.query("SELECT 1 FROM products WHERE id = $1 AND active", [id]);
      return count === 0 ? "absent" : "stale";
    },
    remove: async (id) => {
      const { count } = await db.query("UPDATE products SET active = false WHERE id = $1 AND active", [id]);
      await forget(id);
      return count > 0;
    },
  };
}

const orders = {
  name: { column: "name", direction: "ASC", beyond: ">", type: "string", of: (product: Product) => product.name },
  price: {
    column: "price_cents",
    direction: "ASC",
    beyond: ">",
    type: "number",
    of: (product: Product) => product.priceCents,
  },
  "-price": {
    column: "price_cents",
    direction: "DESC",
    beyond: "<",
    type: "number",
    of: (product: Product) => product.priceCents,
  },
} as const;

/** Pages go on behind the last row seen, so that they neither repeat nor skip when the catalogue changes. */
async function list(db: Database, search: Search): Promise<Page> {
  const order = orders[search.sort];
  const conditions = ["active"];
  const parameters: unknown[] = [];
  const parameter = (value: unknown): string => `$${parameters.push(value)}`;
  if (search.search) conditions.push(searchCondition(parameter(search.search)));
  if (search.category) conditions.push(`category = ${parameter(search.category)}`);
  if (search.ids) conditions.push(`id = ANY(${parameter(search.ids)}::uuid[])`);
  if (search.cursor) {
    const cursor = readCursor(search.cursor, order.type);
    conditions.push(`(${order.column}, id) ${order.beyond} (${parameter(cursor.value)}, ${parameter(cursor.id)})`);
  }
  const { rows } = await db.query<Product>(
    `SELECT ${columns} FROM products WHERE ${conditions.join(" AND ")}
     ORDER BY ${order.column} ${order.direction}, id ${order.direction} LIMIT ${parameter(search.limit + 1)}`,
    parameters,
  );
  const items = rows.slice(0, search.limit);
  const last = items.at(-1);
  if (rows.length <= search.limit || !last) return { items };
  return { items, next: writeCursor({ value: order.of(last), id: last.id }) };
}

/** Words in any form, or the beginning of the name while somebody still types. */
function searchCondition(text: string): string {
  return `(words @@ websearch_to_tsquery('english', ${text}) OR position(lower(${text}) IN lower(name)) > 0)`;
}

async function known<T>(running: Promise<T>): Promise<T> {
  return running.catch((error: unknown) => {
    if (!(error instanceof DatabaseError) || error.code !== "foreign_key") throw error;
    throw problem(400, { detail: "there is no such category; GET /categories lists them", cause: error });
  });
}

function one<T>(rows: readonly T[]): T {
  const [row] = rows;
  if (row === undefined) throw new Error("the database returned no row for what it has just stored");
  return row;
}
