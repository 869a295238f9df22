import {
  ApiError,
  done,
  keyOf,
  messageOf,
  pathOf,
  requeueAfter,
  resources,
  splitKey,
  toTimestamp,
} from "../../loop/index.ts";
import type { Controller, ControllerContext, EventRecorder, Informer, Outcome, Resource } from "../../loop/index.ts";
import { equalJson } from "../../object/json-value.ts";
import { replaceCondition } from "../../model/condition.ts";
import type { Condition } from "../../model/condition.ts";
import type { Pod } from "../../model/pod.ts";
import { matchesSelectorText } from "../../model/selector-text.ts";
import type { Autoscaler, AutoscalerStatus, Scale } from "./autoscaler-object.ts";
import { measure } from "./metric-status.ts";
import type { MetricResult } from "./metric-status.ts";
import { Recommendations } from "./recommendations.ts";

/** Usage is looked at this often. */
const lookMs = 15_000;

interface Parts {
  readonly context: ControllerContext;
  readonly autoscalers: Informer<Autoscaler>;
  readonly pods: Informer<Pod>;
  readonly recommendations: Recommendations;
  readonly events: EventRecorder;
}

/** Scales what autoscalers name by what its pods use. */
export function autoscalerController(context: ControllerContext): Controller {
  const parts: Parts = {
    context,
    autoscalers: context.informers.of<Autoscaler>(resources.horizontalPodAutoscalers),
    pods: context.informers.of<Pod>(resources.pods),
    recommendations: new Recommendations(),
    events: context.eventsOf("horizontal-pod-autoscaler"),
  };
  return {
    name: "horizontal-pod-autoscaler-controller",
    watches: [
      {
        // What is written into the status is no reason to look again.
        subscribe: (add) =>
          parts.autoscalers.onChange(({ object, previous }) => {
            if (previous === undefined || !equalJson(previous.spec, object.spec)) add(keyOf(object));
          }),
      },
    ],
    reconcile: (key) => reconcile(parts, key),
  };
}

/** What one look finds out; the status is written once, at its end. */
interface Look {
  readonly autoscaler: Autoscaler;
  conditions: readonly Condition[];
  current: number;
  desired: number;
  metrics: readonly unknown[] | null;
  lastScaleTime: string | undefined;
}

async function reconcile(parts: Parts, key: string): Promise<Outcome> {
  await parts.context.kinds.ready;
  const { namespace, name } = splitKey(key);
  const autoscaler = parts.autoscalers.get(namespace, name);
  if (autoscaler === undefined) {
    parts.recommendations.forget(key);
    return done;
  }
  const { status } = autoscaler;
  const look: Look = {
    autoscaler,
    conditions: status?.conditions ?? [],
    current: status?.currentReplicas ?? 0,
    desired: status?.desiredReplicas ?? 0,
    metrics: status?.currentMetrics ?? null,
    lastScaleTime: status?.lastScaleTime,
  };
  await scaleByUsage(parts, look);
  await writeStatus(parts, look);
  return requeueAfter(lookMs);
}

async function scaleByUsage(parts: Parts, look: Look): Promise<void> {
  const { autoscaler } = look;
  let found: Found;
  try {
    found = await readScale(parts, autoscaler);
  } catch (error) {
    parts.events.warning(autoscaler, "FailedGetScale", messageOf(error));
    say(parts, look, {
      type: "AbleToScale",
      status: "False",
      reason: "FailedGetScale",
      message: `the HPA controller was unable to get the target's current scale: ${messageOf(error)}`,
    });
    return;
  }
  say(parts, look, {
    type: "AbleToScale",
    status: "True",
    reason: "SucceededGetScale",
    message: "the HPA controller was able to get the target's current scale",
  });
  const current = found.scale.spec?.replicas ?? 0;
  const key = keyOf(autoscaler);
  parts.recommendations.begin(key, current, parts.context.clock.now());
  const wish = await wishFor(parts, look, found.scale);
  if (wish === undefined) return;
  look.current = current;
  look.metrics = wish.metrics;
  look.desired = wish.replicas;
  if (wish.replicas !== current) await rescale(parts, look, found, wish);
}

interface Found {
  readonly resource: Resource;
  readonly scale: Scale;
}

async function readScale({ context }: Parts, { metadata, spec }: Autoscaler): Promise<Found> {
  const { apiVersion = "v1", kind, name } = spec.scaleTargetRef;
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
  const resource = context.kinds.find(apiVersion, kind);
  if (resource === undefined) {
    throw new Error(`no matches for kind "${kind}" in group "${group}"`);
  }
  const path = pathOf(resource, metadata.namespace, name, "scale");
  const answer = await context.api.client.request({ method: "GET", path });
  if (answer.status !== 200) throw new ApiError(`GET ${path}`, answer.status, answer.body);
  return { resource, scale: answer.body as Scale };
}

interface Wanted {
  readonly replicas: number;
  readonly reason: string;
  readonly metrics: readonly unknown[] | null;
}

/** Undefined when it can't be known. */
async function wishFor(parts: Parts, look: Look, scale: Scale): Promise<Wanted | undefined> {
  const { autoscaler } = look;
  const { minReplicas: least = 1, maxReplicas: most } = autoscaler.spec;
  const current = scale.spec?.replicas ?? 0;
  if (current === 0 && least !== 0) {
    say(parts, look, {
      type: "ScalingActive",
      status: "False",
      reason: "ScalingDisabled",
      message: "scaling is disabled since the replica count of the target is zero",
    });
    return { replicas: current, reason: "", metrics: null };
  }
  const words = "Current number of replicas";
  if (current > most) return { replicas: most, reason: `${words} above Spec.MaxReplicas`, metrics: null };
  if (current < least) return { replicas: least, reason: `${words} below Spec.MinReplicas`, metrics: null };
  const proposed = await proposeByMetrics(parts, look, scale);
  if (proposed === undefined) return undefined;
  const now = parts.context.clock.now();
  const wish = { key: keyOf(autoscaler), current, desired: proposed.replicas, least, now };
  const verdict = parts.recommendations.judge(autoscaler, wish);
  say(parts, look, {
    type: "AbleToScale",
    status: "True",
    reason: verdict.ableToScale.reason,
    message: verdict.ableToScale.message,
  });
  const { isLimited, reason, message } = verdict.limited;
  say(parts, look, { type: "ScalingLimited", status: isLimited ? "True" : "False", reason, message });
  return {
    replicas: verdict.replicas,
    reason: proposed.replicas > current ? `${proposed.name} above target` : "All metrics below target",
    metrics: proposed.metrics,
  };
}

interface Proposed {
  readonly replicas: number;
  readonly name: string;
  readonly metrics: readonly unknown[];
}

async function proposeByMetrics(parts: Parts, look: Look, scale: Scale): Promise<Proposed | undefined> {
  const { autoscaler } = look;
  const { metrics: specs = [] } = autoscaler.spec;
  const current = scale.spec?.replicas ?? 0;
  const target = targetOf(parts, look, scale);
  if (target === undefined) {
    giveUp(parts, look, "selector is required", { current, metrics: null });
    return undefined;
  }
  const results: MetricResult[] = [];
  for (const spec of specs) {
    const result = await measure(parts.context, autoscaler, spec, target);
    if (result.kind === "failed") parts.events.warning(autoscaler, result.reason, result.message);
    results.push(result);
  }
  const statuses = results.map((result) => (result.kind === "measured" ? result.status : { type: "" }));
  const measured = results.filter((result) => result.kind === "measured");
  const failures = results.filter((result) => result.kind === "failed");
  const best = measured.reduce<(typeof measured)[number] | undefined>(
    (most, each) => (most === undefined || each.replicas > most.replicas ? each : most),
    undefined,
  );
  const [failure] = failures;
  // What isn't known might be high: nothing is taken away then.
  if (failure !== undefined && (best === undefined || best.replicas < current)) {
    say(parts, look, {
      type: "ScalingActive",
      status: "False",
      reason: failure.reason,
      message: `the HPA was unable to compute the replica count: ${failure.message}`,
    });
    const words = `invalid metrics (${failures.length} invalid out of ${specs.length}), first error is: ${failure.error}`;
    giveUp(parts, look, words, { current, metrics: statuses });
    return undefined;
  }
  if (best === undefined) return undefined;
  say(parts, look, {
    type: "ScalingActive",
    status: "True",
    reason: "ValidMetricFound",
    message: `the HPA was able to successfully calculate a replica count from ${best.name}`,
  });
  return { replicas: best.replicas, name: best.name, metrics: statuses };
}

function targetOf(parts: Parts, look: Look, scale: Scale) {
  const { autoscaler } = look;
  const { namespace = "" } = autoscaler.metadata;
  const selector = scale.status?.selector ?? "";
  if (selector === "") {
    parts.events.warning(autoscaler, "SelectorRequired", "selector is required");
    say(parts, look, {
      type: "ScalingActive",
      status: "False",
      reason: "InvalidSelector",
      message: "the HPA target's scale is missing a selector",
    });
    return undefined;
  }
  const pods = parts.pods.list(namespace).filter((pod) => matchesSelectorText(selector, pod.metadata.labels));
  return { namespace, selector, pods, current: scale.spec?.replicas ?? 0 };
}

function giveUp(parts: Parts, look: Look, words: string, seen: Pick<Look, "current" | "metrics">): void {
  look.current = seen.current;
  look.metrics = seen.metrics;
  parts.events.warning(look.autoscaler, "FailedComputeMetricsReplicas", words);
}

async function rescale(parts: Parts, look: Look, { resource, scale }: Found, wanted: Wanted): Promise<void> {
  const { autoscaler } = look;
  const { api, clock } = parts.context;
  const from = scale.spec?.replicas ?? 0;
  const to = wanted.replicas;
  const path = pathOf(resource, autoscaler.metadata.namespace, autoscaler.spec.scaleTargetRef.name, "scale");
  const body = { ...scale, spec: { ...scale.spec, replicas: to } };
  const query = { fieldManager: "kube-controller-manager" };
  const answer = await api.client.request({ method: "PUT", path, query, body });
  if (answer.status >= 300) {
    const error = messageOf(new ApiError(`PUT ${path}`, answer.status, answer.body));
    parts.events.warning(autoscaler, "FailedRescale", `New size: ${to}; reason: ${wanted.reason}; error: ${error}`);
    say(parts, look, {
      type: "AbleToScale",
      status: "False",
      reason: "FailedUpdateScale",
      message: `the HPA controller was unable to update the target scale: ${error}`,
    });
    look.desired = autoscaler.status?.desiredReplicas ?? 0;
    return;
  }
  const now = clock.now();
  look.lastScaleTime = toTimestamp(now);
  say(parts, look, {
    type: "AbleToScale",
    status: "True",
    reason: "SucceededRescale",
    message: `the HPA controller was able to update the target scale to ${to}`,
  });
  parts.events.normal(autoscaler, "SuccessfulRescale", `New size: ${to}; reason: ${wanted.reason}`);
  parts.recommendations.scaled(autoscaler, keyOf(autoscaler), { from, to, now });
}

function say(
  { context }: Parts,
  look: Look,
  condition: Pick<Condition, "type" | "status"> & { readonly reason: string; readonly message: string },
): void {
  const lastTransitionTime = toTimestamp(context.clock.now());
  look.conditions = replaceCondition(look.conditions, { ...condition, lastTransitionTime });
}

async function writeStatus({ context }: Parts, look: Look): Promise<void> {
  const { autoscaler, conditions, current, desired, metrics, lastScaleTime } = look;
  const status: AutoscalerStatus = {
    ...(lastScaleTime === undefined ? {} : { lastScaleTime }),
    ...(current === 0 ? {} : { currentReplicas: current }),
    desiredReplicas: desired,
    currentMetrics: metrics,
    conditions,
  };
  const known = { currentMetrics: null, desiredReplicas: 0, ...autoscaler.status };
  if (equalJson(status, known)) return;
  await context.api.update<Autoscaler>(resources.horizontalPodAutoscalers, { ...autoscaler, status }, "status");
}
