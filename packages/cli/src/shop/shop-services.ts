import type { ShopSecrets } from "./shop-state.ts";

export interface ShopService {
  readonly name: string;
  readonly database?: string;
  /** What it needs beside what all need. */
  environment(world: ShopWorld): Readonly<Record<string, string>>;
}

export interface ShopWorld {
  url(service: string): string;
  readonly secrets: ShopSecrets;
}

const none = (): Readonly<Record<string, string>> => ({});

/** The services of the shop; those that others lean on come first. */
export const shopServices: readonly ShopService[] = [
  {
    name: "auth-service",
    database: "auth",
    environment: ({ secrets }) => ({
      AUTH_KEY_SECRET: secrets.authKeySecret,
      ADMIN_EMAIL: secrets.adminEmail,
      ADMIN_PASSWORD: secrets.adminPassword,
    }),
  },
  { name: "products-service", database: "products", environment: none },
  { name: "inventory-service", database: "inventory", environment: none },
  {
    name: "orders-service",
    database: "orders",
    environment: ({ url }) => ({ PRODUCTS_URL: url("products-service") }),
  },
  {
    name: "billing-service",
    database: "billing",
    environment: ({ url, secrets }) => ({
      PROVIDER_URL: url("payments-provider"),
      PROVIDER_API_KEY: secrets.providerApiKey,
      WEBHOOK_SECRET: secrets.webhookSecret,
    }),
  },
  {
    name: "payments-provider",
    database: "payments",
    environment: ({ url, secrets }) => ({
      PROVIDER_API_KEY: secrets.providerApiKey,
      WEBHOOK_SECRET: secrets.webhookSecret,
      WEBHOOK_URL: `${url("billing-service")}/billing/webhooks/payments`,
    }),
  },
  { name: "users-service", database: "users", environment: none },
  {
    name: "gateway-service",
    environment: ({ url }) => ({
      AUTH_URL: url("auth-service"),
      USERS_URL: url("users-service"),
      PRODUCTS_URL: url("products-service"),
      INVENTORY_URL: url("inventory-service"),
      ORDERS_URL: url("orders-service"),
      BILLING_URL: url("billing-service"),
    }),
  },
];

/** Where events are exchanged. */
export const eventsDatabase = "events";

export const shopDatabases: readonly string[] = [
  eventsDatabase,
  ...shopServices.flatMap(({ database }) => (database === undefined ? [] : [database])),
];
