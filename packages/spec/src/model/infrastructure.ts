import { defaulted, integer, optional, record, required, text, variant } from "../schema/build.ts";

const name = text("How environments refer to it", { format: "dns-label" });
const cluster = text("Name of the Kubernetes cluster", { format: "dns-label", example: "shop-prod" });
const region = (example: string) => text("Region", { format: "dns-label", example });

export const cloud = variant("A cloud with a cluster", "provider", {
  aws: record("EKS on Amazon Web Services", {
    name: defaulted(name, "aws"),
    region: required(region("eu-south-1")),
    cluster: required(cluster),
    account: optional(text("Account number", { format: "key", example: "123456789012" })),
  }),
  gcp: record("GKE on Google Cloud", {
    name: defaulted(name, "gcp"),
    region: required(region("europe-west8")),
    cluster: required(cluster),
    project: required(text("Project", { format: "dns-label", example: "acme-shop" })),
  }),
  azure: record("AKS on Azure", {
    name: defaulted(name, "azure"),
    region: required(region("italynorth")),
    cluster: required(cluster),
    resourceGroup: required(text("Resource group", { format: "key", example: "shop" })),
  }),
  kubernetes: record("Any conformant cluster, by its context", {
    name: required(name),
    context: required(text("Context of the kubeconfig", { format: "key", example: "shop-prod" })),
  }),
});

const bucket = text("Name of the bucket; with versions switched on", {
  format: "key",
  example: "acme-terraform-state",
});

export const terraformState = variant(
  "Where Terraform keeps its state",
  "backend",
  {
    local: record("A file of each person; for trying it out", {}),
    s3: record("Amazon S3, locked by a file beside the state", {
      bucket: required(bucket),
      region: required(region("eu-south-1")),
    }),
    gcs: record("Google Cloud Storage", { bucket: required(bucket) }),
    azurerm: record("Azure Blob Storage", {
      resourceGroup: required(text("Resource group", { format: "key", example: "shop" })),
      storageAccount: required(text("Storage account", { format: "key", example: "acmestate" })),
      container: required(text("Container", { format: "dns-label", example: "terraform" })),
    }),
  },
  { defaultVariant: "local", example: { backend: "s3", bucket: "acme-terraform-state", region: "eu-south-1" } },
);

const key = (example: string) => required(text("The key", { format: "key-path", example }));

const unseal = variant(
  "Who opens Vault after a restart",
  "method",
  {
    shamir: record("People, each with a share of the key", {}),
    "aws-kms": record("A key of AWS", { key: key("alias/vault-unseal"), region: required(region("eu-south-1")) }),
    "gcp-kms": record("A key of Google Cloud", {
      key: key("projects/acme-shop/locations/global/keyRings/vault/cryptoKeys/unseal"),
    }),
    "azure-key-vault": record("A key of Azure", { key: key("acme-vault/unseal") }),
  },
  { defaultVariant: "shamir", example: { method: "aws-kms", key: "alias/vault-unseal", region: "eu-south-1" } },
);

export const vault = record("The cluster of HashiCorp Vault", {
  replicas: defaulted(
    integer("Members: an odd number, so that there is always a majority", { minimum: 1, maximum: 7 }),
    3,
  ),
  unseal: defaulted(unseal, {}),
});

export const tls = variant(
  "Where the certificates of the ingress come from",
  "issuer",
  {
    "self-signed": record("From cert-manager's own authority; for trying it out", {}),
    letsencrypt: record("From Let's Encrypt, by cert-manager", {
      email: required(text("Where warnings are sent to", { format: "email", example: "platform@example.com" })),
    }),
    existing: record("From a secret that exists", {
      secret: required(text("The name of the secret", { format: "dns-label", example: "shop-tls" })),
    }),
  },
  { defaultVariant: "self-signed", example: { issuer: "letsencrypt", email: "platform@example.com" } },
);
