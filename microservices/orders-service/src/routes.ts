import { answered, once, problem, route, t } from "@fairway/kit";
import { limits } from "./limits.ts";
import type { Caller, Database, Route } from "@fairway/kit";
import type { Catalogue } from "./catalogue.ts";
import type { Order, Orders } from "./orders.ts";

export interface OrderParts {
  readonly db: Database;
  readonly orders: Orders;
  readonly catalogue: Catalogue;
}

const id = t.String({ format: "uuid" });
const byId = t.Object({ id });
const state = t.Enum(["pending", "reserved", "invoiced", "confirmed", "cancelled"]);
const order = t.Object({
  id,
  customerId: t.String(),
  state,
  items: t.Array(t.Object({ productId: id, name: t.String(), quantity: t.Integer(), unitPriceCents: t.Integer() })),
  totalCents: t.Integer(),
  currency: t.String(),
  createdAt: t.String(),
  updatedAt: t.String(),
  reason: t.Optional(t.String()),
  invoiceId: t.Optional(id),
});
const history = t.Array(t.Object({ state, cause: t.String(), at: t.String() }));
const newOrder = t.Object(
  {
    items: t.Array(
      t.Object(
        { productId: id, quantity: t.Integer({ minimum: 1, maximum: limits.quantityMax }) },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: limits.itemsMax },
    ),
  },
  { additionalProperties: false },
);
const tags = ["orders"] as const;

export function orderRoutes(parts: OrderParts): readonly Route[] {
  return [placeRoute(parts), findRoute(parts), listRoute(parts), cancelRoute(parts)];
}

interface Placed {
  readonly status: 201;
  readonly body: ReturnType<typeof shown>;
  readonly headers: Readonly<Record<string, string>>;
}

function placeRoute({ db, orders, catalogue }: OrderParts): Route {
  return route({
    method: "POST",
    path: "/orders",
    summary: "A new order at the prices of now; stock and payment follow, GET shows how it goes",
    tags,
    headers: t.Object({ "idempotency-key": t.Optional(t.String({ minLength: 1, maxLength: 200 })) }),
    body: newOrder,
    responses: { 201: order },
    problems: [409, 422],
    access: "authenticated",
    handler: async ({ body, headers, caller, log }) => {
      const call = { key: headers["idempotency-key"], scope: `${caller.subject} POST /orders`, input: body };
      const before = await answered<Placed>(db, call);
      if (before) return before;
      const priced = await catalogue.price(body.items);
      return once(db, call, async (tx): Promise<Placed> => {
        const made = await orders.place(tx, { customerId: caller.subject, ...priced });
        log.info("an order was placed", { order: made.id, totalCents: made.totalCents });
        return { status: 201, body: shown(made), headers: { location: `/orders/${made.id}` } };
      });
    },
  });
}

function findRoute({ orders }: OrderParts): Route {
  return route({
    method: "GET",
    path: "/orders/{id}",
    summary: "An order and its way so far, for its customer",
    tags,
    params: byId,
    responses: { 200: t.Object({ ...order.properties, history }) },
    problems: [404],
    access: "authenticated",
    handler: async ({ params, caller }) => {
      const found = await orders.find(params.id);
      if (!found || !maySee(caller, found.order)) throw absent();
      return { status: 200, body: { ...shown(found.order), history: [...found.history] } };
    },
  });
}

function listRoute({ orders }: OrderParts): Route {
  return route({
    method: "GET",
    path: "/orders",
    summary: "The caller's orders, the newest first; staff sees all",
    tags,
    query: t.Object(
      {
        state: t.Optional(state),
        limit: t.Integer({ minimum: 1, maximum: limits.pageMax, default: limits.pageDefault }),
        before: t.Optional(id),
      },
      { additionalProperties: false },
    ),
    responses: { 200: t.Object({ items: t.Array(order), next: t.Optional(id) }) },
    access: "authenticated",
    handler: async ({ query, caller }) => {
      const own = isStaff(caller) ? {} : { customerId: caller.subject };
      const found = await orders.list({ ...own, ...query, limit: query.limit + 1 });
      const items = found.slice(0, query.limit).map(shown);
      const last = items.at(-1);
      const next = found.length > query.limit && last ? { next: last.id } : {};
      return { status: 200, body: { items, ...next } };
    },
  });
}

function cancelRoute({ db, orders }: OrderParts): Route {
  return route({
    method: "POST",
    path: "/orders/{id}/cancel",
    summary: "Ends an order that is not confirmed yet; goods and money go back",
    tags,
    params: byId,
    responses: { 200: order },
    problems: [404, 409],
    access: "authenticated",
    handler: async ({ params, caller }) => {
      const found = await orders.find(params.id);
      if (!found || !maySee(caller, found.order)) throw absent();
      const change = { orderId: params.id, cause: "CustomerCancelled", reason: "cancelled by the customer" } as const;
      const result = await db.transaction((tx) => orders.change(tx, change));
      if (!result) throw absent();
      if (result.order.state === "confirmed") throw problem(409, "the order is confirmed already; it can be sent back");
      return { status: 200, body: shown(result.order) };
    },
  });
}

function isStaff(caller: Caller): boolean {
  return caller.roles.includes("admin") || caller.roles.includes("service");
}

function maySee(caller: Caller, found: Order): boolean {
  return isStaff(caller) || found.customerId === caller.subject;
}

/** Whose orders there are, and whether, is nobody else's business. */
function absent(): Error {
  return problem(404, "there is no such order");
}

function shown(found: Order) {
  return { ...found, items: [...found.items] };
}
