import { noBody, problem, route, t } from "@fairway/kit";
import { applyWord, findInvoice, issue, listInvoices } from "./invoices.ts";
import { isSigned } from "./webhook-signature.ts";
import { limits } from "./limits.ts";
import type { Caller, Database, Outbox, Route } from "@fairway/kit";

export interface BillingParts {
  readonly db: Database;
  readonly outbox: Outbox;
  readonly webhookSecret: string;
  /** Called when something is to be charged. */
  readonly wake: () => void;
}

const id = t.String({ format: "uuid" });
const fields = {
  orderId: id,
  customerId: t.String({ minLength: 1, maxLength: 100 }),
  totalCents: t.Integer({ minimum: 0, maximum: limits.amountCentsMax }),
  currency: t.String({ pattern: "^[A-Z]{3}$" }),
};
const invoice = t.Object({
  id,
  ...fields,
  state: t.Enum(["issued", "paid", "failed", "reversing", "void", "refunded"]),
  createdAt: t.String(),
});
const tags = ["billing"] as const;

export function billingRoutes(parts: BillingParts): readonly Route[] {
  return [issueRoute(parts), ...readingRoutes(parts), webhookRoute(parts)];
}

function issueRoute({ db, outbox, wake }: BillingParts): Route {
  return route({
    method: "POST",
    path: "/billing/invoice",
    summary: "An invoice for an order, which is then charged; asking again for the same order gives the same invoice",
    tags,
    body: t.Object(fields, { additionalProperties: false }),
    responses: { 200: invoice, 201: invoice },
    problems: [409],
    access: { roles: ["admin", "service"] },
    handler: async ({ body }) => {
      const { invoice: made, isNew } = await db.transaction((tx) => issue(tx, outbox, body));
      if (
        made.totalCents !== body.totalCents ||
        made.currency !== body.currency ||
        made.customerId !== body.customerId
      ) {
        throw problem(409, "this order has another invoice already");
      }
      wake();
      return { status: isNew ? 201 : 200, body: made, headers: { location: `/billing/invoice/${made.id}` } };
    },
  });
}

function readingRoutes({ db }: BillingParts): readonly Route[] {
  return [
    route({
      method: "GET",
      path: "/billing/invoice/{id}",
      summary: "An invoice, for its customer",
      tags,
      params: t.Object({ id }),
      responses: { 200: invoice },
      problems: [404],
      access: "authenticated",
      handler: async ({ params, caller }) => {
        const found = await findInvoice(db, params.id);
        // Whose it is, is nobody else's business, nor that there is one.
        if (!found || !(isStaff(caller) || found.customerId === caller.subject))
          throw problem(404, "there is no such invoice");
        return { status: 200, body: found };
      },
    }),
    route({
      method: "GET",
      path: "/billing/invoices",
      summary: "The caller's invoices, the newest first; staff sees all",
      tags,
      query: t.Object({ orderId: t.Optional(id) }, { additionalProperties: false }),
      responses: { 200: t.Object({ items: t.Array(invoice) }) },
      access: "authenticated",
      handler: async ({ query, caller }) => {
        const own = isStaff(caller) ? {} : { customerId: caller.subject };
        return { status: 200, body: { items: [...(await listInvoices(db, { ...own, ...query }))] } };
      },
    }),
  ];
}

function webhookRoute({ db, outbox, webhookSecret }: BillingParts): Route {
  return route({
    method: "POST",
    path: "/billing/webhooks/payments",
    summary: "Where the payment provider tells how a charge ended; signed as Standard Webhooks has it",
    tags,
    headers: t.Object({
      "webhook-id": t.String({ minLength: 1, maxLength: 100 }),
      "webhook-timestamp": t.String({ minLength: 1, maxLength: 20 }),
      "webhook-signature": t.String({ minLength: 1, maxLength: 1_000 }),
    }),
    body: t.Object({
      reference: id,
      status: t.Enum(["pending", "succeeded", "declined", "voided", "refunded"]),
    }),
    responses: { 204: noBody },
    problems: [401],
    access: "public",
    handler: async ({ headers, body, rawBody }) => {
      const message = {
        id: headers["webhook-id"],
        timestamp: headers["webhook-timestamp"],
        signatures: headers["webhook-signature"],
        body: rawBody,
      };
      if (!isSigned(message, webhookSecret, Date.now())) throw problem(401, "the signature is not the provider's");
      await db.transaction((tx) => applyWord(tx, outbox, { invoiceId: body.reference, status: body.status }));
      return { status: 204 };
    },
  });
}

function isStaff(caller: Caller): boolean {
  return caller.roles.includes("admin") || caller.roles.includes("service");
}
