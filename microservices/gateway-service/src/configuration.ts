import { serviceConfig, t } from "@fairway/kit";
import { limits } from "./limits.ts";
import type { Static } from "@fairway/kit";

const address = (what: string) => t.String({ format: "url", description: `where the ${what} is` });

export const configuration = serviceConfig({
  AUTH_URL: address("auth-service"),
  USERS_URL: address("users-service"),
  PRODUCTS_URL: address("products-service"),
  INVENTORY_URL: address("inventory-service"),
  ORDERS_URL: address("orders-service"),
  BILLING_URL: address("billing-service"),
  CORS_ORIGINS: t.Optional(t.Array(t.String(), { description: "origins whose pages may call, separated by commas" })),
  RATE_PER_SECOND: t.Number({ default: limits.requestsPerSecond, exclusiveMinimum: 0 }),
  RATE_BURST: t.Integer({ default: limits.requestBurst, minimum: 1 }),
  TRUSTED_PROXIES: t.Integer({
    default: 0,
    minimum: 0,
    maximum: 10,
    description: "how many proxies of our own are in front, an ingress for example: they say who asks",
  }),
});

export type Configuration = Static<typeof configuration>;
