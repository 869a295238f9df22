import { serviceConfig, t } from "@fairway/kit";

const rate = (description: string) => t.Number({ default: 0, minimum: 0, maximum: 1, description });

export const configuration = serviceConfig({
  DATABASE_URL: t.String({ minLength: 1, description: "the database of the charges" }),
  PROVIDER_API_KEY: t.String({ minLength: 16, description: "what the merchant shows to be let in" }),
  WEBHOOK_SECRET: t.String({ minLength: 16, description: "what webhooks are signed with" }),
  BILLING_URL: t.Optional(t.String({ format: "url", description: "the merchant, who is told of changes by webhooks" })),
  FAILURE_RATE: rate("share of requests that are answered with 503, half of them after they were carried out"),
  DECLINE_RATE: rate("share of charges that are declined"),
  PENDING_RATE: rate("share of charges that are decided later"),
  DUPLICATE_RATE: rate("share of webhooks that are sent twice"),
  DELAY_MS: t.Integer({ default: 0, minimum: 0, maximum: 30_000, description: "pause before each answer" }),
});
