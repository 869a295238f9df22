// The shop on the real one-node Kubernetes and on the embedded one: brought up by one command, then held against each other.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ClusterClient } from "../diff/cluster-client.ts";
import { readClusterAccess } from "../diff/kubeconfig.ts";
import { startEmbedded } from "../embedded/start-embedded.ts";
import { readState, startKubernetes } from "../kubernetes/index.ts";
import { OracleError } from "../machine/oracle-error.ts";
import type { Report } from "../machine/report.ts";
import type { Comparison } from "../same-objects/compare-clusters.ts";
import { settledComparison } from "../same-objects/command.ts";
import { bringShopUp } from "./bring-up.ts";
import { walkOn } from "./walk-on.ts";
import { startRegistryForBoth } from "./registry-for-both.ts";

export interface ShopOnBoth {
  readonly comparison: Comparison;
  readonly namespaces: readonly string[];
}

export async function shopOnBoth(report: Report): Promise<ShopOnBoth> {
  const folder = mkdtempSync(join(tmpdir(), "fairway-shop-"));
  const closers: (() => Promise<void>)[] = [async () => rmSync(folder, { recursive: true, force: true })];
  try {
    const real = await startKubernetes({ report });
    closers.push(async () => real.close());
    const embedded = await startEmbedded({ runtime: "oci", report });
    closers.push(embedded.close);
    const registry = await startRegistryForBoth(folder, nodePid(real.folder));
    closers.push(registry.close);
    const place = { registry: `${registry.address}/shop`, report };
    for (const { kubeconfig } of [embedded, real]) await bringShopUp({ kubeconfig, ...place });
    const namespaces = await namespacesOf(real.kubeconfig);
    const comparison = await settledComparison(namespaces, [
      { kubeconfig: real.kubeconfig, registry: place.registry },
      { kubeconfig: embedded.kubeconfig, registry: place.registry },
    ]);
    const [namespace = ""] = namespaces;
    for (const { kubeconfig } of [embedded, real]) await walkOn({ kubeconfig, namespace, report });
    return { comparison, namespaces };
  } finally {
    for (const close of closers.toReversed()) await close();
  }
}

/** The first process in the node's namespaces. */
function nodePid(folder: string): number {
  const found = readState(folder)?.processes.find(({ name }) => name.startsWith("node"));
  if (found === undefined) throw new OracleError("bad-state", `no node is written down in ${folder}`);
  return found.pid;
}

const ofTheCluster = /^(?:default|kube-.*)$/u;

/** Those that were not there before. */
async function namespacesOf(kubeconfig: string): Promise<readonly string[]> {
  const client = new ClusterClient(readClusterAccess(kubeconfig));
  try {
    const { body } = await client.send({ method: "GET", path: "/api/v1/namespaces", headers: [], body: "" });
    const { items } = JSON.parse(body) as {
      readonly items: readonly { readonly metadata: { readonly name: string } }[];
    };
    return items.map(({ metadata }) => metadata.name).filter((name) => !ofTheCluster.test(name));
  } finally {
    client.close();
  }
}
