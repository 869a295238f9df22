import { once, problem, route, t } from "@fairway/kit";
import { levelOf, reserve, restock } from "./stock.ts";
import { limits } from "./limits.ts";
import { releaseAndTell } from "./saga.ts";
import type { Database, Outbox, Route } from "@fairway/kit";

export interface InventoryParts {
  readonly db: Database;
  readonly outbox: Outbox;
  readonly reservationSeconds: number;
}

const id = t.String({ format: "uuid" });
const item = t.Object(
  { productId: id, quantity: t.Integer({ minimum: 1, maximum: limits.quantityMax }) },
  { additionalProperties: false },
);
const level = t.Object({ productId: id, onHand: t.Integer(), reserved: t.Integer(), available: t.Integer() });
const reservation = t.Object({
  orderId: id,
  state: t.Enum(["reserved", "taken", "released", "rejected"]),
  items: t.Array(t.Object({ productId: id, quantity: t.Integer() })),
  expiresAt: t.String(),
  reason: t.Optional(t.String()),
});
const idempotencyHeader = t.Object({ "idempotency-key": t.Optional(t.String({ minLength: 1, maxLength: 200 })) });
const staff = { roles: ["admin", "service"] } as const;
const tags = ["inventory"] as const;

export function inventoryRoutes(parts: InventoryParts): readonly Route[] {
  return [levelRoute(parts), reserveRoute(parts), releaseRoute(parts), restockRoute(parts)];
}

function levelRoute({ db }: InventoryParts): Route {
  return route({
    method: "GET",
    path: "/inventory/{productId}",
    summary: "How much of a product there is",
    tags,
    params: t.Object({ productId: id }),
    responses: { 200: level },
    problems: [404],
    access: "public",
    handler: async ({ params }) => {
      const found = await levelOf(db, params.productId);
      if (!found) throw problem(404, "there is no stock of this product, and there was none");
      return { status: 200, body: found };
    },
  });
}

function reserveRoute({ db, reservationSeconds }: InventoryParts): Route {
  return route({
    method: "POST",
    path: "/inventory/reserve",
    summary: "Keeps goods for an order: all of them or none; asking again for the same order changes nothing",
    tags,
    body: t.Object(
      { orderId: id, items: t.Array(item, { minItems: 1, maxItems: limits.itemsMax }) },
      { additionalProperties: false },
    ),
    responses: { 200: reservation, 201: reservation },
    problems: [409],
    access: staff,
    handler: async ({ body }) => {
      const { reservation: made, isNew } = await db.transaction((tx) =>
        reserve(tx, { ...body, seconds: reservationSeconds }),
      );
      if (made.state === "rejected")
        throw problem(409, { type: "/problems/not-enough", detail: made.reason ?? "not enough" });
      return { status: isNew ? 201 : 200, body: { ...made, items: [...made.items] } };
    },
  });
}

function releaseRoute({ db, outbox }: InventoryParts): Route {
  return route({
    method: "POST",
    path: "/inventory/release",
    summary: "Gives back what is kept for an order; it will not get a reservation any more",
    tags,
    body: t.Object({ orderId: id }, { additionalProperties: false }),
    responses: { 200: t.Object({ orderId: id, released: t.Boolean() }) },
    access: staff,
    handler: async ({ body: { orderId } }) => {
      const released = await db.transaction((tx) => releaseAndTell(tx, { outbox, orderId, reason: "released" }));
      return { status: 200, body: { orderId, released } };
    },
  });
}

function restockRoute({ db }: InventoryParts): Route {
  return route({
    method: "POST",
    path: "/inventory/restock",
    summary: "Adds goods that have arrived",
    tags,
    headers: idempotencyHeader,
    body: t.Object(
      { productId: id, quantity: t.Integer({ minimum: 1, maximum: limits.restockMax }) },
      { additionalProperties: false },
    ),
    responses: { 200: level },
    problems: [409, 422],
    access: staff,
    handler: async ({ body, headers, caller }) => {
      const call = { key: headers["idempotency-key"], scope: `${caller.subject} restock`, input: body };
      const current = await levelOf(db, body.productId);
      if ((current?.onHand ?? 0) + body.quantity > limits.restockMax) {
        throw problem(422, `there can't be more than ${limits.restockMax} of a product`);
      }
      return once(db, call, async (tx) => ({ status: 200 as const, body: await restock(tx, body) }));
    },
  });
}
