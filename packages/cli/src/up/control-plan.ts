import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { namespaceOf, secretsOf } from "@fairway/manifests";
import type { BackgroundState } from "../background/background-process.ts";
import { writePrivate } from "../background/background-process.ts";
import { ports } from "./limits.ts";
import type { Workspace } from "./workspace.ts";

/** What the control process runs. Another plan is another process; pods go on over the change. */
export interface ControlPlan {
  readonly platform: string;
  readonly environment: string;
  readonly runtime: "process" | "oci";
  readonly apiPort: number;
  readonly ingressPort: number;
  /** In PostgreSQL, each with a role of its own. */
  readonly databases: readonly string[];
  /** In these the name `postgres` leads to PostgreSQL. */
  readonly databaseNamespaces: readonly string[];
}

/** What the control process says of itself. */
export interface ControlState extends BackgroundState {
  readonly plan: ControlPlan;
  readonly readyAfterMs?: number;
  readonly api?: string;
  readonly kubeconfig?: string;
  readonly ingress?: string;
}

/** All services exchange events in one database. */
export const eventsDatabase = "events";

export function databaseOf(service: string): string {
  return service.replaceAll("-", "_");
}

export interface PlanOptions {
  readonly environment: string;
  readonly runtime: "process" | "oci";
  readonly portOffset: number;
}

export function planOf(workspace: Workspace, options: PlanOptions): ControlPlan {
  const { environment, runtime, portOffset } = options;
  return {
    platform: workspace.platform.metadata.name,
    environment,
    runtime,
    apiPort: ports.api + portOffset,
    ingressPort: ports.ingress + portOffset,
    ...databasesOf(workspace, environment),
  };
}

/** What the services of an environment need of PostgreSQL, and from where they ask for it. */
export function databasesOf(
  { platform, services }: Workspace,
  environment: string,
): Pick<ControlPlan, "databases" | "databaseNamespaces"> {
  const databases = new Set<string>();
  const namespaces = new Set<string>();
  for (const service of services) {
    for (const { purpose } of secretsOf(platform, service)) {
      if (purpose !== "postgres" && purpose !== "events") continue;
      databases.add(purpose === "events" ? eventsDatabase : databaseOf(service.metadata.name));
      namespaces.add(namespaceOf(platform, environment, service.metadata.name));
    }
  }
  return { databases: [...databases].toSorted(), databaseNamespaces: [...namespaces].toSorted() };
}

export function controlFolder(state: string): string {
  return join(state, "control");
}

export function writePlan(folder: string, plan: ControlPlan): void {
  writePrivate(join(folder, "plan.json"), plan);
}

/** The plan of the last `up`. */
export function readPlan(folder: string): ControlPlan | undefined {
  const path = join(folder, "plan.json");
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as ControlPlan) : undefined;
}
