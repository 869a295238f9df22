import { serviceConfig, t } from "@fairway/kit";

export const configuration = serviceConfig({
  DATABASE_URL: t.String({ minLength: 1, description: "the database of the invoices" }),
  EVENTS_URL: t.String({ minLength: 1, description: "where events are exchanged: postgres://... or nats://..." }),
  PAYMENTS_PROVIDER_URL: t.String({ format: "url", description: "the payment provider" }),
  PROVIDER_API_KEY: t.String({ minLength: 16, description: "what the provider lets us in with" }),
  WEBHOOK_SECRET: t.String({ minLength: 16, description: "what the provider signs its webhooks with" }),
});
