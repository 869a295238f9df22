import { serviceConfig, t } from "@fairway/kit";

export const configuration = serviceConfig({
  DATABASE_URL: t.String({ minLength: 1, description: "the database of the orders" }),
  EVENTS_URL: t.String({ minLength: 1, description: "where events are exchanged: postgres://... or nats://..." }),
  PRODUCTS_URL: t.String({ format: "url", description: "the catalogue, for names and prices" }),
  ORDER_SECONDS: t.Number({
    default: 3_600,
    minimum: 1,
    maximum: 604_800,
    description: "an order that is not decided by then is cancelled",
  }),
});
