import { setTimeout as delay } from "node:timers/promises";
import { KubeError, readLogs, type StreamingKubeClient } from "@fairway/kube-client";
import type { WantedService } from "../up/service-state.ts";
import { devLimits } from "./limits.ts";
import { podTrouble, type PodObject } from "./pod-trouble.ts";
import { deploymentPath, readDeployment, type DeploymentObject } from "./running-image.ts";

export type Rollout =
  | { readonly kind: "serving" }
  /** The pods of before go on serving. */
  | { readonly kind: "failing"; readonly reason: string; readonly log: string }
  | { readonly kind: "interrupted" };

/** Says when a service runs what its Deployment asks for now, or why it does not. */
export async function untilRolledOut(
  client: StreamingKubeClient,
  wanted: WantedService,
  signal: AbortSignal,
): Promise<Rollout> {
  const asked = await readDeployment(client, wanted);
  const ended = new AbortController();
  const until = AbortSignal.any([signal, ended.signal]);
  try {
    return await Promise.race([
      untilServing(client, wanted, asked, until),
      untilTrouble(client, wanted, until),
      whenAborted(signal),
    ]);
  } finally {
    ended.abort();
  }
}

function whenAborted(signal: AbortSignal): Promise<Rollout> {
  return new Promise((resolve) => {
    const interrupted = (): void => resolve({ kind: "interrupted" });
    if (signal.aborted) interrupted();
    else signal.addEventListener("abort", interrupted, { once: true });
  });
}

async function untilServing(
  client: StreamingKubeClient,
  wanted: WantedService,
  asked: DeploymentObject,
  signal: AbortSignal,
): Promise<Rollout> {
  const { generation = 0 } = asked.metadata;
  let from = asked;
  while (!signal.aborted) {
    if (isRolledOut(from, generation) || (await seesRollout(client, wanted, { from, generation, signal }))) {
      return { kind: "serving" };
    }
    // A watch may end for many reasons; then one look, and another watch from there.
    await delay(devLimits.troubleMs, undefined, { signal }).catch(() => undefined);
    const { status, body } = await client.request({ method: "GET", path: deploymentPath(wanted) });
    if (status === 200) from = body as DeploymentObject;
  }
  return { kind: "interrupted" };
}

interface Watched {
  readonly from: DeploymentObject;
  readonly generation: number;
  readonly signal: AbortSignal;
}

/** False when the watch ended before. */
async function seesRollout(
  client: StreamingKubeClient,
  { namespace, service }: WantedService,
  { from, generation, signal }: Watched,
): Promise<boolean> {
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments`;
  const { resourceVersion = "" } = from.metadata;
  try {
    const events = client.watch(path, { fieldSelector: `metadata.name=${service}`, resourceVersion }, signal);
    for await (const { type, object } of events) {
      const isDeployment = type === "ADDED" || type === "MODIFIED";
      if (isDeployment && isRolledOut(object as DeploymentObject, generation)) return true;
    }
  } catch (error) {
    if (!signal.aborted && !(error instanceof KubeError)) throw error;
  }
  return false;
}

/** No pod of before is counted any more, and all new ones take requests. */
function isRolledOut({ spec, status = {} }: DeploymentObject, generation: number): boolean {
  const replicas = spec.replicas ?? 1;
  const { observedGeneration = 0, updatedReplicas = 0, availableReplicas = 0 } = status;
  return (
    observedGeneration >= generation &&
    updatedReplicas === replicas &&
    availableReplicas === replicas &&
    (status.replicas ?? 0) === replicas
  );
}

async function untilTrouble(client: StreamingKubeClient, wanted: WantedService, signal: AbortSignal): Promise<Rollout> {
  const began = performance.now();
  for (;;) {
    await delay(devLimits.troubleMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return { kind: "interrupted" };
    const pods = await newestPods(client, wanted);
    const trouble = podTrouble(pods);
    const took = performance.now() - began;
    const reason =
      trouble && (trouble.isFinal || took > devLimits.troublePassesMs)
        ? trouble.reason
        : took > devLimits.rolloutMs
          ? "it takes no requests"
          : undefined;
    if (reason === undefined) continue;
    const pod = trouble?.pod ?? pods.at(-1)?.metadata.name;
    return { kind: "failing", reason, log: pod === undefined ? "" : await lastLines(client, wanted.namespace, pod) };
  }
}

interface ReplicaSetObject {
  readonly metadata: {
    readonly annotations?: Readonly<Record<string, string>>;
    readonly labels?: Readonly<Record<string, string>>;
  };
}

const revisionAnnotation = "deployment.kubernetes.io/revision";
const hashLabel = "pod-template-hash";

/** The pods of what the Deployment asks for now; those of what it asked for before are none of them. */
async function newestPods(client: StreamingKubeClient, wanted: WantedService): Promise<readonly PodObject[]> {
  const { namespace, service } = wanted;
  const list = async <T>(path: string, labelSelector: string): Promise<readonly T[]> => {
    const { body } = await client.request({ method: "GET", path, query: { labelSelector } });
    return (body as { readonly items?: readonly T[] }).items ?? [];
  };
  const { metadata, status } = await readDeployment(client, wanted);
  // Until it was seen, the revision is that of before.
  if ((status?.observedGeneration ?? 0) < (metadata.generation ?? 0)) return [];
  const ofService = `app.kubernetes.io/name=${service}`;
  const sets = await list<ReplicaSetObject>(`/apis/apps/v1/namespaces/${namespace}/replicasets`, ofService);
  const revision = metadata.annotations?.[revisionAnnotation];
  const hash = sets.find((set) => set.metadata.annotations?.[revisionAnnotation] === revision)?.metadata.labels?.[
    hashLabel
  ];
  if (hash === undefined) return [];
  return list<PodObject>(`/api/v1/namespaces/${namespace}/pods`, `${ofService},${hashLabel}=${hash}`);
}

/** Of the container that has ended; of the one that runs where none has. */
async function lastLines(client: StreamingKubeClient, namespace: string, pod: string): Promise<string> {
  for (const previous of [true, false]) {
    try {
      const texts: string[] = [];
      const lines = readLogs(client, { namespace, pod, previous, tailLines: devLimits.logLines });
      for await (const { text } of lines) texts.push(text);
      if (texts.length > 0) return texts.join("\n");
    } catch (error) {
      // None has ended before, or the pod has gone meanwhile.
      if (!(error instanceof KubeError)) throw error;
    }
  }
  return "";
}
