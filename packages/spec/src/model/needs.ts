import { choice, defaulted, integer, list, map, optional, record, required, text } from "../schema/build.ts";
import type { Infer } from "../schema/schema.ts";

const serviceName = text("The name of a service of this platform", {
  format: "service-name",
  example: "inventory-service",
});
const eventName = text("The name of an event", { format: "event-name", example: "OrderCreated" });

/** What may differ between environments. */
export const storageFields = {
  postgres: { size: defaulted(text("Space on disk", { format: "bytes" }), "5Gi") },
  cache: { size: defaulted(text("Memory", { format: "bytes" }), "128Mi") },
};

const postgres = record("A PostgreSQL database of the service's own, with a role that can reach nothing else", {
  version: defaulted(text("Major version", { format: "version" }), "18"),
  ...storageFields.postgres,
  extensions: defaulted(
    list("Extensions that are installed", text("The name of an extension", { format: "key", example: "pg_trgm" }), {
      uniqueBy: "",
    }),
    [],
  ),
});

const cache = record("A Redis of the service's own; what is in it may vanish at any time", {
  ...storageFields.cache,
  eviction: defaulted(
    choice("What makes room when it is full", ["allkeys-lru", "allkeys-lfu", "volatile-ttl", "noeviction"]),
    "allkeys-lru",
  ),
});

const secret = record("A secret, by its path in the store of secrets", {
  name: required(
    text("The name it goes by in an environment: services that name one secret share its values", {
      format: "key",
      example: "payment-provider",
    }),
  ),
  env: required(
    map(
      "Environment variables, each with the key of the secret that it gets",
      text("A key of the secret", { format: "key" }),
      {
        keyFormat: "environment-variable",
        example: { PAYMENT_API_KEY: "api-key" },
      },
    ),
  ),
});

const egress = record("A host or network outside the cluster that the service may reach", {
  host: required(
    text("The host, or the network of what has no name", { format: "host-or-network", example: "api.stripe.com" }),
  ),
  port: defaulted(integer("The port", { minimum: 1, maximum: 65_535 }), 443),
});

const volume = record("A folder that outlives the pod", {
  name: required(text("The name of the volume", { format: "dns-label", example: "uploads" })),
  path: required(text("Where it is mounted", { format: "url-path", example: "/var/uploads" })),
  size: required(text("Space on disk", { format: "bytes", example: "10Gi" })),
});

const bucket = record("Object storage: a bucket of the service's own", {
  name: required(
    text("The name of the bucket, below the platform's and the environment's", {
      format: "dns-label",
      example: "invoices",
    }),
  ),
  access: defaulted(choice("What the service may do with it", ["read", "write"]), "write"),
});

const permission = record("Something that the service may ask of the Kubernetes API; it may ask nothing otherwise", {
  apiGroup: defaulted(text("API group; the core group without one", { format: "api-group", example: "batch" }), ""),
  resources: required(
    list("Resources", text("A resource", { format: "api-resource", example: "configmaps" }), {
      minimumItems: 1,
      uniqueBy: "",
    }),
  ),
  verbs: required(
    list(
      "What it may do with them",
      choice("A verb", ["get", "list", "watch", "create", "update", "patch", "delete"]),
      {
        minimumItems: 1,
        uniqueBy: "",
      },
    ),
  ),
});

export const needs = record(
  "What the service depends on. Network policies, mesh authorization, database roles, secrets and contract tests follow from it",
  {
    postgres: optional(postgres),
    cache: optional(cache),
    secrets: defaulted(list("Secrets", secret, { uniqueBy: "name" }), []),
    calls: defaulted(list("Services that it calls", serviceName, { uniqueBy: "" }), []),
    publishes: defaulted(list("Events that it publishes", eventName, { uniqueBy: "" }), []),
    consumes: defaulted(list("Events that it consumes", eventName, { uniqueBy: "" }), []),
    egress: defaulted(list("Hosts outside that it reaches", egress), []),
    buckets: defaulted(list("Buckets of object storage", bucket, { uniqueBy: "name" }), []),
    permissions: defaulted(list("What it may ask of the Kubernetes API", permission), []),
    volumes: defaulted(list("Folders that outlive its pods", volume, { uniqueBy: "name" }), []),
  },
  { example: { postgres: {}, calls: ["inventory-service"], publishes: ["OrderCreated"] } },
);

export type Needs = Infer<typeof needs>;
