import { setTimeout as delay } from "node:timers/promises";
import { KubeError, readLogs, type StreamingKubeClient } from "@fairway/kube-client";
import type { WantedService } from "../up/service-state.ts";
import { devLimits } from "./limits.ts";
import { podTrouble, type PodObject } from "./pod-trouble.ts";
import { deploymentPath, runImage, type DeploymentObject, type RunningImage } from "./running-image.ts";

export type Rollout =
  | { readonly kind: "serving" }
  /** The pods of before go on serving. */
  | { readonly kind: "failing"; readonly reason: string; readonly log: string }
  | { readonly kind: "interrupted" };

/** Lets a service run an image, and says when it does or why it does not. */
export async function rollOut(
  client: StreamingKubeClient,
  wanted: WantedService,
  next: Pick<RunningImage, "image" | "version">,
  signal: AbortSignal,
): Promise<Rollout> {
  const patched = await runImage(client, wanted, next);
  const ended = new AbortController();
  const until = AbortSignal.any([signal, ended.signal]);
  try {
    return await Promise.race([
      untilServing(client, wanted, patched, until),
      untilTrouble(client, wanted, next.image, until),
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
  patched: DeploymentObject,
  signal: AbortSignal,
): Promise<Rollout> {
  const { generation = 0 } = patched.metadata;
  let from = patched;
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

async function untilTrouble(
  client: StreamingKubeClient,
  { namespace, service }: WantedService,
  image: string,
  signal: AbortSignal,
): Promise<Rollout> {
  const began = performance.now();
  const path = `/api/v1/namespaces/${namespace}/pods`;
  const query = { labelSelector: `app.kubernetes.io/name=${service}` };
  for (;;) {
    await delay(devLimits.troubleMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return { kind: "interrupted" };
    const { body } = await client.request({ method: "GET", path, query });
    const { items = [] } = body as { readonly items?: readonly PodObject[] };
    const trouble = podTrouble(items, image);
    const took = performance.now() - began;
    const reason =
      trouble && (trouble.isFinal || took > devLimits.troublePassesMs)
        ? trouble.reason
        : took > devLimits.rolloutMs
          ? "it takes no requests"
          : undefined;
    if (reason === undefined) continue;
    const pod = trouble?.pod ?? items.at(-1)?.metadata.name;
    return { kind: "failing", reason, log: pod === undefined ? "" : await lastLines(client, namespace, pod) };
  }
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
