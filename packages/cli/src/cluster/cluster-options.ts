import { resolve } from "node:path";

/** What `cluster start` and `cluster run` have in common. */
export const clusterOptions = {
  data: { type: "string", valueName: "DIR", summary: "where everything is kept (.fairway/cluster)" },
  port: {
    type: "integer",
    valueName: "N",
    min: 0,
    max: 65_535,
    summary: "where the API server listens on loopback (6443; 0: a free one)",
  },
  parts: {
    type: "string",
    valueName: "PARTS",
    choices: ["node", "controllers", "api-server"],
    summary: "what runs: all (node), all but pods (controllers), or the API server alone",
  },
  runtime: { type: "string", valueName: "NAME", choices: ["process", "oci"], summary: "how containers run (process)" },
  "simulated-nodes": {
    type: "string",
    valueName: "N[:CPU,MEMORY]",
    summary: "so many nodes without a machine (4 CPUs, 16Gi each), whose pods only seem to run",
  },
  images: { type: "strings", valueName: "DIR", summary: "an OCI image layout that is asked before any registry" },
  mirror: {
    type: "strings",
    valueName: "HOST=URL",
    summary: "where a registry answers: docker.io=http://127.0.0.1:5000",
  },
  "audit-policy": {
    type: "string",
    valueName: "FILE",
    summary: "a Policy of audit.k8s.io/v1, by which requests are logged to audit.log beside the data",
  },
} as const;

export const dataOption = { data: clusterOptions.data } as const;

export function clusterFolder(cwd: string, data: string | undefined): string {
  return resolve(cwd, data ?? ".fairway/cluster");
}
