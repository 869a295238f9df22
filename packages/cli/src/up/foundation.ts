import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { KubeObject } from "@fairway/kube-client";
import { writePrivate } from "../background/background-process.ts";
import type { ControlPlan } from "./control-plan.ts";
import { databasePort, ensureDatabase } from "./database.ts";
import { platformSecrets, type KeptValues } from "./secrets.ts";
import type { Workspace } from "./workspace.ts";

/**
 * What the services of an environment on this machine stand on: the way to PostgreSQL, with the databases that they need, and their secrets.
 * Values of the person's own are given by `name/key`.
 */
export async function embeddedFoundation(
  workspace: Workspace,
  plan: ControlPlan,
  given: ReadonlyMap<string, string>,
): Promise<readonly KubeObject[]> {
  const { state } = workspace;
  const database =
    plan.databases.length === 0 ? undefined : await ensureDatabase(state, plan.databases, await databasePort(state));
  const path = join(state, "control", "secrets.json");
  const known = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as KeptValues) : {};
  const { objects, kept } = platformSecrets(workspace, {
    environment: plan.environment,
    known,
    given,
    databaseUrl: (name) => asPodsSeeIt(database?.url(name) ?? ""),
  });
  writePrivate(path, kept);
  return [...databaseServices(plan), ...objects];
}

/** Pods reach the database by the name of a service. */
function asPodsSeeIt(url: string): string {
  const seen = new URL(url);
  seen.hostname = "postgres";
  seen.port = "5432";
  return seen.href;
}

/** They have no pods: the cluster leads who asks for them to the machine's PostgreSQL. */
function databaseServices({ databaseNamespaces }: ControlPlan): readonly KubeObject[] {
  return databaseNamespaces.map((namespace) => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "postgres", namespace, labels: { "app.kubernetes.io/managed-by": "fairway" } },
    spec: { ports: [{ name: "postgres", port: 5_432, protocol: "TCP" }] },
  }));
}
