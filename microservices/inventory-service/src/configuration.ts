import { serviceConfig, t } from "@fairway/kit";

export const configuration = serviceConfig({
  DATABASE_URL: t.String({ minLength: 1, description: "the database of the stock" }),
  EVENTS_URL: t.String({ minLength: 1, description: "where events are exchanged: postgres://... or nats://..." }),
  RESERVATION_SECONDS: t.Number({
    default: 900,
    minimum: 1,
    maximum: 86_400,
    description: "how long goods are kept for an order that is not paid",
  }),
});
