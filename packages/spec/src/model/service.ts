import {
  choice,
  countOrPercent,
  defaulted,
  flag,
  list,
  map,
  optional,
  partial,
  record,
  required,
  text,
} from "../schema/build.ts";
import type { Infer } from "../schema/schema.ts";
import { http, load, port, probes } from "./http.ts";
import { needs, storageFields } from "./needs.ts";
import { release, tier } from "./release.ts";
import { limitFields, requestFields, resources, scale, scaleFields } from "./scale.ts";

export const languages = [
  "typescript",
  "javascript",
  "python",
  "go",
  "java",
  "kotlin",
  "rust",
  "dotnet",
  "other",
] as const;
export type Language = (typeof languages)[number];

const metadata = record("Who and what", {
  name: required(
    text("The service's name, the same in every environment", { format: "service-name", example: "orders-service" }),
  ),
  owner: required(text("The team that answers for it", { format: "dns-label", example: "team-orders" })),
  description: optional(text("What it is for, in a sentence")),
  labels: defaulted(
    map("Further labels on everything that is made for it", text("A label value", { format: "label-value" }), {
      keyFormat: "label-key",
    }),
    {},
  ),
  annotations: defaulted(map("Further annotations", text("Any text"), { keyFormat: "label-key" }), {}),
});

const build = record("How its image is made", {
  context: defaulted(text("Folder that is built, from the service's own", { format: "folder-path" }), "."),
  dockerfile: defaulted(text("The Dockerfile, from the context", { format: "folder-path" }), "Dockerfile"),
  base: optional(
    text("Base image, in place of the one for the language", {
      format: "image",
      example: "gcr.io/distroless/nodejs24-debian12",
    }),
  ),
  args: defaulted(map("Build arguments", text("A value"), { keyFormat: "environment-variable" }), {}),
  platforms: defaulted(
    list("Platforms that the image is made for", choice("A platform", ["linux/amd64", "linux/arm64"]), {
      minimumItems: 1,
      uniqueBy: "",
    }),
    ["linux/amd64", "linux/arm64"],
  ),
});

const alerts = record("When the owner is called", {
  errorRate: defaulted(text("Share of failed requests over five minutes, in percent", { format: "percentage" }), "1"),
  p95: defaulted(text("Longest that 95 % of the requests may take", { format: "time-span" }), "500ms"),
  podDown: defaulted(text("How long a pod may be missing", { format: "time-span" }), "5m"),
});

const backup = record("Backups of its database and volumes", {
  schedule: defaulted(text("When, as cron", { format: "cron" }), "0 2 * * *"),
  keep: defaulted(text("How long each is kept", { format: "time-span" }), "30d"),
  pointInTime: defaulted(flag("Whether any second of the kept time can be gone back to"), true),
});

const nodes = record("Where its pods run", {
  pool: optional(text("Node pool", { format: "dns-label", example: "compute" })),
  spot: defaulted(flag("May run on nodes that can be taken away at short notice"), false),
});

const disruption = record("What maintenance may take away at once", {
  maxUnavailable: defaulted(countOrPercent("Pods that may be missing at a time", { example: 1 }), 1),
});

const chaos = record("What is broken on purpose, to see that it holds", {
  experiments: required(
    list(
      "What is done to its pods",
      choice("An experiment", [
        "pod-kill",
        "pod-failure",
        "network-delay",
        "network-loss",
        "network-partition",
        "cpu-stress",
        "memory-stress",
        "clock-skew",
      ]),
      { minimumItems: 1, uniqueBy: "" },
    ),
  ),
  environments: required(
    list("Where, by name", text("The name of an environment", { format: "dns-label", example: "staging" }), {
      minimumItems: 1,
      uniqueBy: "",
    }),
  ),
  schedule: defaulted(text("When, as cron", { format: "cron" }), "0 10 * * mon-fri"),
  duration: defaulted(text("How long each takes", { format: "time-span" }), "1m"),
});

const env = map("Environment variables that are no secrets", text("A value; numbers and switches in quotes"), {
  keyFormat: "environment-variable",
  example: { LOG_LEVEL: "info" },
});

const inEnvironment = partial("What is different in one environment", {
  scale: optional(partial("How many pods run there", scaleFields)),
  resources: optional(
    partial("What each pod is given there", {
      requests: optional(partial("Requests there", requestFields)),
      limits: optional(partial("Limits there", limitFields)),
    }),
  ),
  env: optional(env),
  needs: optional(
    partial("Space there", {
      postgres: optional(partial("Space of its database there", storageFields.postgres)),
      cache: optional(partial("Space of its cache there", storageFields.cache)),
    }),
  ),
  release: optional(release),
  nodes: optional(nodes),
});

const serviceSpec = record("The service", {
  language: required(choice("What it is written in", languages)),
  tier: defaulted(tier, "standard"),
  repository: optional(
    text("Repository of its code, where each service has its own", {
      format: "git-url",
      example: "https://github.com/acme/orders-service.git",
    }),
  ),
  build: defaulted(build, {}),
  http: optional(http),
  ports: defaulted(list("Further ports", port, { uniqueBy: "name", maximumItems: 50 }), []),
  needs: defaulted(needs, {}),
  env: defaulted(env, {}),
  resources: defaulted(resources, {}),
  scale: defaulted(scale, {}),
  release: defaulted(release, {}),
  probes: defaulted(probes, {}),
  disruption: defaulted(disruption, {}),
  shutdown: defaulted(text("How long a pod has to finish what it began", { format: "seconds" }), "45s"),
  alerts: defaulted(alerts, {}),
  backup: optional(backup),
  nodes: defaulted(nodes, {}),
  load: optional(load),
  chaos: optional(chaos),
  environments: defaulted(
    map("What is different in an environment, by its name", inEnvironment, {
      keyFormat: "dns-label",
      example: { prod: { scale: { min: 4 } } },
    }),
    {},
  ),
});

export const serviceSchema = record("A service of the platform: one file describes it, and everything else follows", {
  apiVersion: required(choice("The version of this format", ["fairway.dev/v1"])),
  kind: required(choice("What the file describes", ["Service"])),
  metadata: required(metadata),
  spec: required(serviceSpec),
});

export type Service = Infer<typeof serviceSchema>;
