// The same state before two API servers: neither may complain, and both have to make the same of every object.
import { readFileSync } from "node:fs";
import { startCluster } from "@fairway/cluster";
import { differences, formatDifference } from "../diff/difference.ts";
import { Identities, normalisedJson } from "../diff/normalise.ts";
import { startKubernetes } from "../kubernetes/index.ts";
import type { Report } from "../machine/report.ts";
import { createObjects, faultsOf, withClient, type Creation } from "./create-objects.ts";
import { askKubeconform, findKubeconform } from "./kubeconform.ts";
import { environmentsOf, objectsOf, states } from "./state-objects.ts";

export interface Comparison {
  readonly objects: number;
  /** What the real server has against it, and what the embedded one makes otherwise. */
  readonly findings: readonly string[];
  /** How many kubeconform calls valid; undefined without it. */
  readonly conforming: number | undefined;
}

export async function compareServers(report: Report): Promise<Comparison> {
  const findings: string[] = [];
  let objects = 0;
  const kubeconform = findKubeconform();
  let conforming = kubeconform === undefined ? undefined : 0;
  const real = await startKubernetes({ apiOnly: true, report });
  try {
    for (const [name, read] of Object.entries(states)) {
      const state = read();
      const embedded = await startCluster({ folder: undefined, port: 0, parts: "api-server", log: () => undefined });
      try {
        for (const environment of environmentsOf(state)) {
          const wanted = objectsOf(state, environment);
          const onReal = await createObjects(readFileSync(real.kubeconfig, "utf8"), wanted);
          const onEmbedded = await createObjects(embedded.kubeconfig, wanted);
          objects += onReal.length;
          const found = [...faultsOf(onReal).map((fault) => `real: ${fault}`), ...differencesOf(onReal, onEmbedded)];
          findings.push(...found.map((each) => `${name}, ${environment}: ${each}`));
          if (kubeconform === undefined) continue;
          const kubeconfig = readFileSync(real.kubeconfig, "utf8");
          const verdict = await withClient(kubeconfig, (client) => askKubeconform(kubeconform, client, wanted));
          conforming = (conforming ?? 0) + verdict.valid;
          findings.push(...verdict.faults.map((fault) => `kubeconform, ${name}, ${environment}: ${fault}`));
        }
      } finally {
        await embedded.close();
      }
    }
  } finally {
    await real.close();
  }
  return { objects, findings, conforming };
}

function differencesOf(real: readonly Creation[], embedded: readonly Creation[]): readonly string[] {
  const [ours, theirs] = [normaliser(), normaliser()];
  return real.flatMap(({ name, stored }, index) =>
    differences(theirs(stored), ours(embedded[index]?.stored)).map((each) => `${name}: ${formatDifference(each)}`),
  );
}

function normaliser(): (value: unknown) => unknown {
  const surroundings = { namespace: "(none)", saved: new Map<string, string>(), identities: new Identities() };
  return (value) => normalisedJson(value, surroundings);
}
