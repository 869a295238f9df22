import type { CatalogueEntry } from "./catalogue-entry.ts";

/** All that `fairway` can do. A new command is a file in `commands/` and a row here. */
export const catalogue: readonly CatalogueEntry[] = [
  {
    path: ["init"],
    group: "Describe",
    summary: "Make a new platform in a folder",
    load: async () => (await import("../commands/init.ts")).initCommand,
  },
  {
    path: ["new", "service"],
    group: "Describe",
    summary: "Add a service to the platform",
    load: async () => (await import("../commands/new-service.ts")).newServiceCommand,
  },
  {
    path: ["check"],
    group: "Describe",
    summary: "Check platform.yaml and every service.yaml",
    load: async () => (await import("../commands/check.ts")).checkCommand,
  },
  {
    path: ["explain"],
    group: "Describe",
    summary: "Document any field of the two specs",
    load: async () => (await import("../commands/explain.ts")).explainCommand,
  },
  {
    path: ["schema"],
    group: "Describe",
    summary: "Print the JSON Schema of a spec, for editors",
    load: async () => (await import("../commands/schema.ts")).schemaCommand,
  },
  {
    path: ["contract"],
    group: "Describe",
    summary: "Check what a service does at run time",
    load: async () => (await import("../commands/contract.ts")).contractCommand,
  },
  {
    path: ["preview"],
    group: "Rehearse",
    summary: "Say what a change to a GitOps repository changes in the clusters",
    load: async () => (await import("../commands/preview.ts")).previewCommand,
  },
  {
    path: ["render"],
    group: "Render",
    summary: "Render the state repository from the descriptions",
    load: async () => (await import("../commands/render.ts")).renderCommand,
  },
  {
    path: ["template"],
    group: "Render",
    summary: "Render a Helm chart, as helm template does",
    load: async () => (await import("../commands/template.ts")).templateCommand,
  },
  {
    path: ["kustomize", "build"],
    group: "Render",
    summary: "Build a kustomization, as kubectl kustomize does",
    load: async () => (await import("../commands/kustomize-build.ts")).kustomizeBuildCommand,
  },
  {
    path: ["cluster", "start"],
    group: "Cluster",
    summary: "Start an embedded Kubernetes cluster",
    load: async () => (await import("../commands/cluster-start.ts")).clusterStartCommand,
  },
  {
    path: ["cluster", "status"],
    group: "Cluster",
    summary: "Say whether the embedded cluster runs, and what it uses",
    load: async () => (await import("../commands/cluster-status.ts")).clusterStatusCommand,
  },
  {
    path: ["cluster", "kubeconfig"],
    group: "Cluster",
    summary: "Print where the kubeconfig of the embedded cluster is",
    load: async () => (await import("../commands/cluster-kubeconfig.ts")).clusterKubeconfigCommand,
  },
  {
    path: ["cluster", "stop"],
    group: "Cluster",
    summary: "Stop the embedded cluster and its pods; its data stays",
    load: async () => (await import("../commands/cluster-stop.ts")).clusterStopCommand,
  },
  {
    path: ["shop", "start"],
    group: "Shop",
    summary: "Start the reference shop on this machine",
    load: async () => (await import("../commands/shop-start.ts")).shopStartCommand,
  },
  {
    path: ["shop", "order"],
    group: "Shop",
    summary: "Place an order in the reference shop and show its trace",
    load: async () => (await import("../commands/shop-order.ts")).shopOrderCommand,
  },
  {
    path: ["shop", "status"],
    group: "Shop",
    summary: "Say which parts of the reference shop run, and what they use",
    load: async () => (await import("../commands/shop-status.ts")).shopStatusCommand,
  },
  {
    path: ["shop", "stop"],
    group: "Shop",
    summary: "Stop the reference shop; its data stays",
    load: async () => (await import("../commands/shop-stop.ts")).shopStopCommand,
  },
  {
    path: ["shop", "run"],
    group: "Shop",
    summary: "Run the reference shop in the foreground",
    load: async () => (await import("../commands/shop-run.ts")).shopRunCommand,
  },
  {
    path: ["doctor"],
    group: "Machine",
    summary: "Say what this machine offers and what that means",
    load: async () => (await import("../commands/doctor.ts")).doctorCommand,
  },
  {
    path: ["completion"],
    group: "Machine",
    summary: "Print the completion script of a shell",
    load: async () => (await import("../commands/completion.ts")).completionCommand,
  },
];
