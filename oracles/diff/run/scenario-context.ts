// What the steps of one running scenario share.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatAccess } from "../cluster/access.ts";
import type { ClusterAccess } from "../cluster/access.ts";
import type { HttpClient } from "../cluster/http-client.ts";
import type { WatchStream } from "../cluster/watch-stream.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { WebhookServer } from "../webhook/webhook-server.ts";
import type { Level } from "./level.ts";

/** One of the two clusters, for as long as the suite runs. */
export interface Target {
  readonly access: ClusterAccess;
  readonly client: HttpClient;
  /** Makes and removes namespaces; the same client unless a proxy stands in between. */
  readonly setup: HttpClient;
  readonly level: Level;
  readonly webhooks: WebhookServer;
}

export interface ScenarioContext {
  readonly target: Target;
  readonly scenario: Scenario;
  readonly namespace: string;
  readonly folder: string;
  readonly kubectl: string | undefined;
  readonly variables: Map<string, string>;
  readonly watches: Map<string, WatchStream>;
  /** Paths of objects without a namespace that the scenario made: removed at its end. */
  readonly made: Set<string>;
}

export function openContext(
  target: Target,
  scenario: Scenario,
  run: { namespace: string; kubectl: string | undefined },
): ScenarioContext {
  const folder = mkdtempSync(join(tmpdir(), "fairway-diff-"));
  writeFileSync(join(folder, "kubeconfig"), formatAccess(target.access, run.namespace), { mode: 0o600 });
  const variables = new Map([
    ["ns", run.namespace],
    ["server", target.access.server],
    ["folder", folder],
    ["webhook", `https://127.0.0.1:${target.webhooks.port}/${run.namespace}`],
    ["ca", Buffer.from(target.webhooks.authority).toString("base64")],
  ]);
  return { target, scenario, ...run, folder, variables, watches: new Map(), made: new Set() };
}

export function closeContext(context: ScenarioContext): void {
  for (const watch of context.watches.values()) watch.close();
  rmSync(context.folder, { recursive: true, force: true });
}

/** What the runner chose for this run, and what stands for it in what is compared. */
export function constantsOf(context: ScenarioContext): Map<string, string> {
  const { access, webhooks } = context.target;
  const host = new URL(access.server).host;
  return new Map([
    [context.namespace, "<ns>"],
    [access.server, "<server>"],
    [host, "<host>"],
    [context.folder, "<folder>"],
    [`127.0.0.1:${webhooks.port}`, "<webhook>"],
    [context.variables.get("ca") ?? "", "<ca>"],
  ]);
}
