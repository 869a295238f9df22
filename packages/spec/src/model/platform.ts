import { choice, defaulted, list, optional, record, required, text } from "../schema/build.ts";
import type { Infer } from "../schema/schema.ts";
import { environment } from "./environment.ts";
import { cloud, terraformState, tls, vault } from "./infrastructure.ts";
import { observability } from "./observability.ts";
import { pipeline } from "./pipeline.ts";

const registry = record("Where images and charts are kept", {
  type: defaulted(
    choice("What kind of registry it is", [
      "embedded",
      "ghcr",
      "ecr",
      "acr",
      "artifact-registry",
      "harbor",
      "docker-hub",
      "oci",
    ]),
    "embedded",
  ),
  address: optional(
    text("Its address with the path for this platform; needed for all but the embedded one", {
      format: "registry-address",
      example: "ghcr.io/acme",
    }),
  ),
});

const engines = record("Which engine does what in production", {
  gitops: defaulted(choice("Brings clusters to what Git says", ["argocd", "flux"]), "argocd"),
  rollouts: defaulted(
    choice("Shifts traffic to new versions step by step", ["argo-rollouts", "flagger"]),
    "argo-rollouts",
  ),
  mesh: defaulted(choice("Encrypts, routes and retries between services", ["istio", "linkerd", "none"]), "istio"),
  ci: defaulted(
    choice("Builds and tests", ["github-actions", "gitlab-ci", "azure-devops", "jenkins"]),
    "github-actions",
  ),
  secrets: defaulted(
    choice("Brings secrets into the cluster", ["vault", "external-secrets", "sealed-secrets"]),
    "vault",
  ),
  policy: defaulted(choice("Checks policies at admission", ["kyverno", "gatekeeper"]), "kyverno"),
  logs: defaulted(choice("Keeps logs", ["loki", "elk"]), "loki"),
  tracing: defaulted(choice("Keeps traces", ["jaeger", "tempo"]), "jaeger"),
  events: defaulted(choice("Carries events between services", ["postgres", "nats"]), "nats"),
  chaos: defaulted(choice("Breaks things on purpose", ["chaos-mesh", "none"]), "none"),
});

const gitUrl = (what: string, example: string) => optional(text(what, { format: "git-url", example }));

const repositories = record("Where the sources are", {
  layout: defaulted(
    choice("One repository for all; one each for application, pipelines and state; or one for each service besides", [
      "monorepo",
      "split",
      "per-service",
    ]),
    "monorepo",
  ),
  app: gitUrl("Code of the services", "https://github.com/acme/shop.git"),
  ci: gitUrl("Shared pipelines", "https://github.com/acme/ci.git"),
  state: gitUrl("State that Argo CD or Flux reads", "https://github.com/acme/state.git"),
  policy: gitUrl("Policies", "https://github.com/acme/policy.git"),
});

const team = record("People who answer for services", {
  name: required(text("The name that services name as owner", { format: "dns-label", example: "team-orders" })),
  members: defaulted(
    list("Accounts at the forge", text("An account", { format: "key", example: "ada" }), { uniqueBy: "" }),
    [],
  ),
  contact: optional(text("Where they are reached: an address or a channel", { example: "#team-orders" })),
});

const backup = record("Backups of whole clusters by Velero", {
  schedule: defaulted(text("When, as cron", { format: "cron" }), "0 1 * * *"),
  keep: defaulted(text("How long each is kept", { format: "time-span" }), "30d"),
});

const platformSpec = record("The platform", {
  domain: defaulted(
    text("Host name that the environments' names are put before", { format: "dns-name", example: "shop.example.com" }),
    "localhost",
  ),
  environments: required(
    list("The environments in the order of promotion", environment, {
      minimumItems: 1,
      maximumItems: 50,
      uniqueBy: "name",
      example: [{ name: "dev", gates: { promotion: "auto" } }, { name: "staging" }, { name: "prod" }],
    }),
  ),
  namespaces: defaulted(
    choice("One namespace for each environment, or for each service in it", ["per-environment", "per-service"]),
    "per-environment",
  ),
  registry: defaulted(registry, {}),
  engines: defaulted(engines, {}),
  clouds: defaulted(list("Clouds with clusters", cloud, { uniqueBy: "name", maximumItems: 50 }), []),
  repositories: defaulted(repositories, {}),
  teams: defaulted(list("Teams; when none is named, any owner is accepted", team, { uniqueBy: "name" }), []),
  backup: optional(backup),
  pipeline: defaulted(pipeline, {}),
  observability: defaulted(observability, {}),
  tls: defaulted(tls, {}),
  vault: defaulted(vault, {}),
  terraformState: defaulted(terraformState, {}),
});

export const platformSchema = record("A platform: what all its services have in common", {
  apiVersion: required(choice("The version of this format", ["fairway.dev/v1"])),
  kind: required(choice("What the file describes", ["Platform"])),
  metadata: required(
    record("Who and what", {
      name: required(text("The platform's name", { format: "dns-label", example: "shop" })),
      description: optional(text("What it is for, in a sentence")),
    }),
  ),
  spec: required(platformSpec),
});

export type Platform = Infer<typeof platformSchema>;
